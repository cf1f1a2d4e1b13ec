import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { Duplex } from 'node:stream';

import type { ServerDuplexStream } from '@grpc/grpc-js';

import type { BytesMessage } from '../generated/github.com/moby/buildkit/api/services/control/control.js';
import { frameMessage, readMessages } from '../session/grpc-frames.js';

/** How a call on the session channel ended. */
export interface SessionAnswer {
  readonly messages: readonly Buffer[];
  /** gRPC status code. */
  readonly status: number;
  readonly statusMessage: string;
}

/** An open call on the session channel, as the daemon has it. */
export interface SessionCallStream {
  readonly send: (message: Uint8Array) => void;
  /** Ends our half. */
  readonly end: () => void;
  readonly messages: AsyncGenerator<Buffer>;
  /** Resolves with the trailers when the other side has ended, too. */
  readonly ended: Promise<{ status: number; statusMessage: string }>;
}

/** The daemon's end of a session channel: a gRPC client of what we serve. */
export interface SessionCaller {
  readonly sharedKey: string;
  /** Paths of the methods that the session offers. */
  readonly methods: readonly string[];
  readonly open: (path: string, metadata?: Readonly<Record<string, readonly string[]>>) => SessionCallStream;
  /** Sends messages and waits for the end. */
  readonly call: (path: string, messages: readonly Uint8Array[]) => Promise<SessionAnswer>;
}

/** The call of `Control.Session`, at the daemon's end. */
export type SessionChannel = ServerDuplexStream<BytesMessage, BytesMessage>;

/** The channel's bytes: each message carries the next piece. */
function channelStream(channel: SessionChannel): Duplex {
  const stream = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      channel.write({ data: chunk });
      done();
    },
    final: (done) => {
      channel.end();
      done();
    },
  });
  channel.on('data', ({ data }: BytesMessage) => stream.push(data));
  channel.on('end', () => stream.push(null));
  channel.on('cancelled', () => stream.destroy());
  channel.on('error', () => stream.destroy());
  return stream;
}

async function trailersOf(stream: ClientHttp2Stream): Promise<{ status: number; statusMessage: string }> {
  const [trailers] = (await once(stream, 'trailers')) as [Record<string, string>];
  const statusMessage = decodeURIComponent(trailers['grpc-message'] ?? '');
  return { status: Number(trailers['grpc-status']), statusMessage };
}

function openCall(
  http2: ClientHttp2Session,
  path: string,
  metadata: Readonly<Record<string, readonly string[]>>,
): SessionCallStream {
  const headers = Object.fromEntries(Object.entries(metadata).map(([name, values]) => [name, [...values]]));
  const stream = http2.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  stream.on('error', () => {});
  const ended = trailersOf(stream);
  ended.catch(() => {});
  return {
    send: (message) => void stream.write(frameMessage(message)),
    end: () => void stream.end(),
    messages: readMessages(stream.iterator({ destroyOnReturn: false })),
    ended,
  };
}

/** Becomes the client of a session that was opened. */
export function createSessionCaller(channel: SessionChannel): SessionCaller {
  const http2 = connect('http://session', { createConnection: () => channelStream(channel) });
  http2.on('error', () => {});
  const open: SessionCaller['open'] = (path, metadata = {}) => openCall(http2, path, metadata);
  return {
    sharedKey: String(channel.metadata.get('x-docker-expose-session-sharedkey')[0] ?? ''),
    // grpc-js joins repeated fields.
    methods: channel.metadata.get('x-docker-expose-session-grpc-method').flatMap((value) => String(value).split(', ')),
    open,
    call: async (path, sent) => {
      const call = open(path);
      for (const message of sent) call.send(message);
      call.end();
      const messages: Buffer[] = [];
      for await (const message of call.messages) messages.push(message);
      return { messages, ...(await call.ended) };
    },
  };
}
