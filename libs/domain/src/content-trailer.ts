/** No gzip file goes on like this: who knows nothing of trailers takes it for what may follow an archive. */
const MARK = Buffer.from('\ncvx-sha256\n');
const DIGEST_BYTES = 32;

/** How many of the bytes that are kept of an object are no content. */
export const TRAILER_BYTES = MARK.length + DIGEST_BYTES;

/** Writes what is kept behind a content: both are there together, or neither is. */
export function formatTrailer(sha256: Buffer): Buffer {
  return Buffer.concat([MARK, sha256]);
}

/** Reads the digest from the last {@link TRAILER_BYTES} of what is kept; `undefined` when they are no trailer. */
export function parseTrailer(bytes: Buffer): Buffer | undefined {
  const isTrailer = bytes.length === TRAILER_BYTES && bytes.subarray(0, MARK.length).equals(MARK);
  return isTrailer ? bytes.subarray(MARK.length) : undefined;
}
