import { Readable } from 'node:stream';

/** The body of an answer as a stream of Node's. */
export function bodyOf(response: Response): Readable {
  return Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
}

/**
 * Reads a body that has to be small, whatever its sender says.
 *
 * @throws {RangeError} when it is larger than `maxBytes`
 */
export async function readBounded(response: Response, maxBytes: number): Promise<Buffer> {
  if (response.body === null) return Buffer.alloc(0);
  const pieces: Buffer[] = [];
  let size = 0;
  const body: AsyncIterable<Buffer> = bodyOf(response);
  for await (const piece of body) {
    size += piece.length;
    if (size > maxBytes) throw new RangeError(`larger than ${maxBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
