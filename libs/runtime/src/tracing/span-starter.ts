import {
  type Attributes,
  type Context,
  type Span as SdkSpan,
  type Tracer as SdkTracer,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

import type { Span, SpanAttributes, SpanEnd, SpanOptions } from './tracer.js';

/** A step may be a script of many lines. */
const MAX_NAME_LENGTH = 300;
const MAX_VALUE_LENGTH = 2000;

/** What a span of the SDK begins with. */
interface Start extends SpanOptions {
  /** Has the parent in it. */
  readonly context: Context;
  readonly kind?: SpanKind;
}

/** `version-traceId-spanId-flags`, each in hex (W3C Trace Context, 3.2). */
function traceparentOf(span: SdkSpan): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Makes what begins spans whose texts, and those of all their parts, go through `mask`. */
export function createSpanStarter(
  tracer: SdkTracer,
  mask: (text: string) => string,
): (name: string, start: Start) => Span {
  // Masked before it is cut: half of a secret would not be found.
  const cut = (text: string, maxLength: number) => {
    const masked = mask(text);
    return masked.length <= maxLength ? masked : `${masked.slice(0, maxLength)}…`;
  };

  function clean(attributes: SpanAttributes = {}): Attributes {
    const cleaned: Attributes = {};
    for (const [name, value] of Object.entries(attributes))
      cleaned[name] = typeof value === 'string' ? cut(value, MAX_VALUE_LENGTH) : value;
    return cleaned;
  }

  function startSpan(name: string, { context, kind, attributes, startedAt }: Start): Span {
    const options = { kind, attributes: clean(attributes), startTime: startedAt };
    const sdkSpan = tracer.startSpan(cut(name, MAX_NAME_LENGTH), options, context);
    const start: Span['start'] = (part, partOptions) =>
      startSpan(part, { ...partOptions, context: trace.setSpan(context, sdkSpan) });
    const end = ({ error, endedAt }: SpanEnd = {}) => {
      if (error !== undefined) sdkSpan.setStatus({ code: SpanStatusCode.ERROR, message: cut(error, MAX_VALUE_LENGTH) });
      sdkSpan.end(endedAt);
    };
    return {
      traceId: sdkSpan.isRecording() ? sdkSpan.spanContext().traceId : undefined,
      traceparent: traceparentOf(sdkSpan),
      set: (more) => void sdkSpan.setAttributes(clean(more)),
      rename: (better) => void sdkSpan.updateName(cut(better, MAX_NAME_LENGTH)),
      start,
      run: async (part, work) => {
        const span = start(part);
        try {
          const result = await work(span);
          span.end();
          return result;
        } catch (error) {
          span.end({ error: messageOf(error) });
          throw error;
        }
      },
      end,
    };
  }
  return startSpan;
}
