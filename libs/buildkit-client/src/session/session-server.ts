import {
  type Http2Session,
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Duplex } from 'node:stream';

import {
  type Attachable,
  SESSION_ERROR_CODES,
  type SessionCall,
  SessionError,
  type SessionMethod,
} from './attachable.js';
import { frameMessage, readMessages } from './grpc-frames.js';

/**
 * What may wait in one call before its sender has to. A stream's own mark (16 KiB) would stop it at nearly every file
 * and make a large transfer take half as long again.
 */
const MAX_WAITING_BYTES = 1024 * 1024;

/**
 * The daemon sends each pattern of a `.dockerignore` and each followed path as a header of its own (moby/buildkit
 * `session/filesync/filesync.go`); Node takes 128 of 64 KiB together unless it is told otherwise.
 */
const HEADER_LIMITS = { pairs: 100_000, bytes: 4 * 1024 * 1024 } as const;

function metadataFromRawHeaders(rawHeaders: readonly string[]): Map<string, string[]> {
  const metadata = new Map<string, string[]>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const values = metadata.get(name) ?? [];
    values.push(rawHeaders[index + 1] ?? '');
    metadata.set(name, values);
  }
  return metadata;
}

/** gRPC wants everything but printable ASCII, and `%`, percent-encoded (gRPC over HTTP/2, "Status-Message"). */
function encodeStatusMessage(message: string): string {
  return [...Buffer.from(message.slice(0, 4000))]
    .map((byte) =>
      byte < 0x20 || byte > 0x7e || byte === 0x25
        ? `%${byte.toString(16).padStart(2, '0')}`
        : String.fromCharCode(byte),
    )
    .join('');
}

function trailersFromError(error: unknown): Record<string, string> {
  const code = error instanceof SessionError ? SESSION_ERROR_CODES[error.code] : SESSION_ERROR_CODES.unknown;
  const message = error instanceof Error ? error.message : String(error);
  return { 'grpc-status': String(code), 'grpc-message': encodeStatusMessage(message) };
}

function waitForDrain(stream: ServerHttp2Stream): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
}

function createCall(stream: ServerHttp2Stream, rawHeaders: readonly string[]): SessionCall {
  const gone = new AbortController();
  stream.once('close', () => gone.abort(new SessionError('unavailable', 'the call is gone')));
  // One wait for all who wait: dozens of files are sent at once.
  let drained: Promise<void> | undefined;
  async function room(): Promise<void> {
    while (stream.writableLength > MAX_WAITING_BYTES && !stream.destroyed) {
      drained ??= waitForDrain(stream).finally(() => {
        drained = undefined;
      });
      await drained;
    }
  }
  return {
    metadata: metadataFromRawHeaders(rawHeaders),
    // Leaving the loop early must not destroy the stream: the answer is still to come.
    messages: readMessages(stream.iterator({ destroyOnReturn: false })),
    signal: gone.signal,
    send: async (message) => {
      gone.signal.throwIfAborted();
      stream.write(frameMessage(message));
      await room();
    },
  };
}

async function serve(
  stream: ServerHttp2Stream,
  rawHeaders: readonly string[],
  method: SessionMethod | undefined,
): Promise<void> {
  let trailers: Record<string, string> = { 'grpc-status': '0' };
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers(trailers));
  try {
    if (method === undefined) throw new SessionError('unimplemented', 'unknown method');
    await method(createCall(stream, rawHeaders));
  } catch (error) {
    trailers = trailersFromError(error);
  }
  stream.end();
}

/**
 * Serves the attachables over the session channel: a gRPC server of one connection on `node:http2`. grpc-js will not do:
 * it joins the repeated metadata that file sync depends on.
 */
export function serveSession(channel: Duplex, attachables: readonly Attachable[]): Http2Session {
  const methods = new Map(attachables.flatMap((attachable) => Object.entries(attachable.methods)));
  const session = performServerHandshake(channel, {
    settings: {
      initialWindowSize: 4 * 1024 * 1024,
      maxFrameSize: 1024 * 1024,
      maxHeaderListSize: HEADER_LIMITS.bytes,
    },
    maxHeaderListPairs: HEADER_LIMITS.pairs,
  });
  session.on(
    'stream',
    (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, rawHeaders: string[]) => {
      // A call that breaks off is seen by its method, through the signal or the end of its messages.
      stream.on('error', () => {});
      serve(stream, rawHeaders, methods.get(headers[':path'] ?? '')).catch(() => stream.destroy());
    },
  );
  session.on('error', () => channel.destroy());
  return session;
}
