import type { ApiContext } from '../api-context.js';
import { HttpError } from './http-error.js';

/** Node's own limit is off, because uploads take long; what is read whole does not. */
const BODY_WITHIN_MS = 30_000;

/**
 * Reads the whole body of a request.
 *
 * @param options.what names it in the message, e.g. `form`
 * @throws {HttpError} 413
 */
export async function readBody(
  ctx: ApiContext,
  { maxBytes, what }: { maxBytes: number; what: string },
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => ctx.req.destroy(new Error(`the ${what} came too slowly`)), BODY_WITHIN_MS);
  try {
    // The connection is still needed, for the answer.
    const body: AsyncIterable<Buffer> = ctx.req.iterator({ destroyOnReturn: false });
    for await (const piece of body) {
      size += piece.length;
      if (size > maxBytes) throw new HttpError(413, `${what} is larger than ${maxBytes} bytes`);
      pieces.push(piece);
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(pieces);
}
