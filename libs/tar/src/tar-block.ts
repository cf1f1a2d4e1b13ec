/** A tar is made of blocks of this many bytes (IEEE Std 1003.1, pax, "ustar Interchange Format"). */
export const TAR_BLOCK_BYTES = 512;

/** How many zero bytes follow `size` bytes of content up to the next block. */
export function tarPadding(size: number): number {
  return (TAR_BLOCK_BYTES - (size % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES;
}

/** The blocks of zeros that end a tar have this many bytes. */
export const TAR_END_BYTES = 2 * TAR_BLOCK_BYTES;
