import { Duplex } from 'node:stream';

import type { ClientDuplexStream } from '@grpc/grpc-js';

import type { BytesMessage } from '../generated/github.com/moby/buildkit/api/services/control/control.js';

/** buildkitd takes messages up to 16 MiB; this much at once keeps the number of messages low. */
const MAX_MESSAGE_BYTES = 2 * 1024 * 1024;
const HIGH_WATER_MARK = 1024 * 1024;

/** The bytes of the session channel as a stream: each message of `Control.Session` carries the next piece, both ways. */
export function createSessionStream(call: ClientDuplexStream<BytesMessage, BytesMessage>): Duplex {
  const write = (data: Buffer, done: (error?: Error) => void) => {
    if (call.write({ data })) return done();
    call.once('drain', done);
  };
  const stream = new Duplex({
    readableHighWaterMark: HIGH_WATER_MARK,
    writableHighWaterMark: HIGH_WATER_MARK,
    read: () => call.resume(),
    write: (chunk: Buffer, _encoding, done) => write(chunk, done),
    // HTTP/2 writes headers and data apart: together they are a tenth of the messages.
    writev: (chunks, done) => {
      const bytes = Buffer.concat(chunks.map(({ chunk }: { chunk: Buffer }) => chunk));
      const pieces: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += MAX_MESSAGE_BYTES)
        pieces.push(bytes.subarray(at, at + MAX_MESSAGE_BYTES));
      const next = (error?: Error | null) => {
        const piece = pieces.shift();
        if (error || piece === undefined) return done(error);
        write(piece, next);
      };
      next();
    },
    final: (done) => {
      call.end();
      done();
    },
    destroy: (error, done) => {
      call.cancel();
      done(error);
    },
  });
  call.on('data', ({ data }: BytesMessage) => {
    if (!stream.push(data)) call.pause();
  });
  call.on('end', () => stream.push(null));
  call.on('error', (error) => stream.destroy(error));
  return stream;
}
