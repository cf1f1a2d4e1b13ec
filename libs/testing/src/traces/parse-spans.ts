import { type ProtobufFields, readProtobuf } from './read-protobuf.js';

/** A span as a collector got it. */
export interface CollectedSpan {
  /** `service.name` of who sent it. */
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  /** `''` for none. */
  readonly parentId: string;
  readonly name: string;
  /** 1 internal, 2 server, 5 consumer. */
  readonly kind: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** Why it failed; `undefined` when it did not. */
  readonly error: string | undefined;
}

const STATUS_ERROR = 2n;

function messages(fields: ProtobufFields, field: number): ProtobufFields[] {
  return (fields.get(field) ?? []).filter((value) => typeof value !== 'bigint').map(readProtobuf);
}

function bytesOf(fields: ProtobufFields | undefined, field: number): Buffer {
  const value = fields?.get(field)?.at(0);
  return typeof value === 'object' ? value : Buffer.alloc(0);
}

function numberOf(fields: ProtobufFields | undefined, field: number): bigint {
  const value = fields?.get(field)?.at(0);
  return typeof value === 'bigint' ? value : 0n;
}

const textOf = (fields: ProtobufFields | undefined, field: number) => bytesOf(fields, field).toString('utf8');
const millisecondsOf = (fields: ProtobufFields, field: number) => Number(numberOf(fields, field)) / 1e6;

/** `AnyValue` of `common.proto`, as far as spans of ours have it. */
function valueOf(value: ProtobufFields | undefined): string | number | boolean {
  if (value?.has(2)) return numberOf(value, 2) === 1n;
  if (value?.has(3)) return Number(numberOf(value, 3));
  return textOf(value, 1);
}

function attributesOf(fields: ProtobufFields | undefined, field: number) {
  const pairs = fields === undefined ? [] : messages(fields, field);
  return Object.fromEntries(pairs.map((pair) => [textOf(pair, 1), valueOf(messages(pair, 2).at(0))] as const));
}

function parseSpan(span: ProtobufFields, service: string): CollectedSpan {
  const status = messages(span, 15).at(0);
  return {
    service,
    traceId: bytesOf(span, 1).toString('hex'),
    spanId: bytesOf(span, 2).toString('hex'),
    parentId: bytesOf(span, 4).toString('hex'),
    name: textOf(span, 5),
    kind: Number(numberOf(span, 6)),
    startedAt: millisecondsOf(span, 7),
    endedAt: millisecondsOf(span, 8),
    attributes: attributesOf(span, 9),
    error: numberOf(status, 3) === STATUS_ERROR ? textOf(status, 2) : undefined,
  };
}

/** Reads an `ExportTraceServiceRequest` (opentelemetry-proto, `trace_service.proto` and `trace.proto`). */
export function parseSpans(request: Buffer): CollectedSpan[] {
  return messages(readProtobuf(request), 1).flatMap((resourceSpans) => {
    const service = String(attributesOf(messages(resourceSpans, 1).at(0), 1)['service.name'] ?? '');
    const spans = messages(resourceSpans, 2).flatMap((scopeSpans) => messages(scopeSpans, 2));
    return spans.map((span) => parseSpan(span, service));
  });
}
