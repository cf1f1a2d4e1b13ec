/** No message on the session channel is larger (buildkitd's own limit). */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
const HEADER_BYTES = 5;

/** Puts the gRPC frame header before a message: not compressed, length as a big-endian 32-bit number. */
export function frameMessage(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + message.length);
  frame.writeUInt8(0, 0);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, HEADER_BYTES);
  return frame;
}

/**
 * Takes the frames off a stream of bytes (gRPC over HTTP/2, "Length-Prefixed-Message").
 *
 * @throws {RangeError} for a compressed message, or one that is too large
 */
export async function* readMessages(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER_BYTES) {
      const length = rest.readUInt32BE(1);
      if (rest[0] !== 0 || length > MAX_MESSAGE_BYTES) throw new RangeError(`Cannot read message of ${length} bytes`);
      if (rest.length < HEADER_BYTES + length) break;
      yield rest.subarray(HEADER_BYTES, HEADER_BYTES + length);
      rest = rest.subarray(HEADER_BYTES + length);
    }
  }
}
