import { z } from 'zod';

import { Status } from '../generated/google/rpc/status.js';
import { type BuildkitErrorCode, codeFromGrpcStatus } from './buildkit-error.js';
import type { FailureSource, SolveFailure, SourceLine } from './solve-error.js';

/** Lines shown before and after the failing ones. */
const EXCERPT_MARGIN = 2;
const MAX_EXCERPT_LINES = 20;
const MAX_LINE_LENGTH = 200;

const positionSchema = z.object({ line: z.number().default(0) });

/** `errdefs.Source`: which lines of which file. The details are JSON, although they travel in protobuf `Any`. */
const sourceSchema = z.object({
  info: z.object({ filename: z.string().default(''), data: z.string().default('') }).optional(),
  ranges: z.array(z.object({ start: positionSchema.optional(), end: positionSchema.optional() })).default([]),
});
const vertexSchema = z.object({ digest: z.string().default('') });
/** `policysession.DecisionResponse`: why our own policy has refused a source. */
const refusalSchema = z.object({ denyMessages: z.array(z.object({ message: z.string() })) });
const exitSchema = z.object({ Code: z.number().default(0) });

type Details = ReadonlyMap<string, readonly unknown[]>;

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Details by the last part of their type, e.g. `errdefs.Source+json`. */
function readDetails({ details }: Status): Details {
  const found = new Map<string, unknown[]>();
  for (const { typeUrl, value } of details) {
    const name = typeUrl.slice(typeUrl.lastIndexOf('/') + 1);
    found.set(name, [...(found.get(name) ?? []), parseJson(value)]);
  }
  return found;
}

function excerptFrom(text: string, ranges: FailureSource['ranges']): SourceLine[] {
  const first = Math.min(...ranges.map(({ start }) => start)) - EXCERPT_MARGIN;
  const last = Math.max(...ranges.map(({ end }) => end)) + EXCERPT_MARGIN;
  const isFailing = (number: number) => ranges.some(({ start, end }) => number >= start && number <= end);
  return text
    .split(/\r?\n/)
    .map((line, index) => ({
      number: index + 1,
      text: line.slice(0, MAX_LINE_LENGTH),
      isFailing: isFailing(index + 1),
    }))
    .filter(({ number }) => number >= first && number <= last)
    .slice(0, MAX_EXCERPT_LINES);
}

function readSource(details: Details): FailureSource | undefined {
  // The first is the outermost: the line that a person wrote.
  const { data } = sourceSchema.safeParse(details.get('errdefs.Source+json')?.[0]);
  if (data?.info === undefined) return undefined;
  const ranges = data.ranges.flatMap(({ start, end }) =>
    start === undefined || start.line < 1 ? [] : [{ start: start.line, end: Math.max(start.line, end?.line ?? 0) }],
  );
  const text = Buffer.from(data.info.data, 'base64').toString('utf8');
  return { file: data.info.filename, ranges, excerpt: ranges.length === 0 ? [] : excerptFrom(text, ranges) };
}

/** Failures of what lies behind the daemon: they carry a Dockerfile line (that of the FROM) and are no fault of it. Ports have digits, too. */
const NETWORK_FAILURE =
  /unexpected status[^\n]*(?:: |code )(?:429|5\d\d)\b|invalid response status (?:408|429|5\d\d)$|too many requests|connection re(?:fused|set)|i\/o timeout|unexpected EOF|TLS handshake timeout/i;

/** The daemon lost its way to us, or lacks something. It says so also of the Dockerfile, which it could not read then. */
const DAEMONS_FAILURE =
  /no active session|context deadline exceeded|too many open files|cannot allocate memory|resource temporarily unavailable/i;

/** A host that does not exist is a mistake of whoever named it; a name server that is away says other words. */
const UNKNOWN_HOST = /no such host/i;

/** What a Dockerfile asks for and may not have, or names and is not there, without saying in which line. */
const USERS_FAILURE =
  /^failed to load LLB: .* is not allowed$|error fetching default branch|git stderr|invalid response status 4\d\d$/;

function readRefusals(details: Details): string {
  const refusals = details.get('policysession.DecisionResponse+json') ?? [];
  const messages = refusals.flatMap((refusal) => refusalSchema.safeParse(refusal).data?.denyMessages ?? []);
  return messages.map(({ message }) => message).join('; ');
}

function codeFrom(status: { code: number; message: string }, details: Details): BuildkitErrorCode {
  const code = codeFromGrpcStatus(status.code);
  if (code === 'cancelled' || code === 'exhausted') return code;
  if (/no space left on device/.test(status.message) && !details.has('gatewayapi.ExitMessage+json')) return 'exhausted';
  if (details.has('gatewayapi.ExitMessage+json')) return 'user';
  if (UNKNOWN_HOST.test(status.message)) return 'not-found';
  if (NETWORK_FAILURE.test(status.message) || DAEMONS_FAILURE.test(status.message)) return 'unavailable';
  if (USERS_FAILURE.test(status.message)) return 'user';
  const isUsers = ['errdefs.Source+json', 'errdefs.Frontend+json'].some((name) => details.has(name));
  return isUsers ? 'user' : code;
}

/**
 * Reads a failed solve's `google.rpc.Status` (`grpc-status-details-bin`, or the history's copy of it), whose details
 * are moby/buildkit's `solver/errdefs` as JSON. Details that make no sense are left out.
 */
export function solveFailureFromStatus(bytes: Uint8Array): SolveFailure {
  const status = Status.decode(bytes);
  const details = readDetails(status);
  const exit = exitSchema.safeParse(details.get('gatewayapi.ExitMessage+json')?.[0]);
  const refusals = readRefusals(details);
  const vertex = vertexSchema.safeParse(details.get('errdefs.Vertex+json')?.[0]);
  return {
    code: refusals === '' ? codeFrom(status, details) : 'user',
    message: refusals || status.message,
    exitCode: exit.data?.Code,
    vertex: vertex.data,
    source: readSource(details),
  };
}
