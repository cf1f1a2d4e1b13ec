/**
 * How each member of the gzip of our archives begins (RFC 1952, section 2.3): magic, deflate, an extra field, no time, no
 * hints, unknown system; then the field, four bytes long: `CB`, with nothing in it. It promises that the member is made of
 * stored blocks, all of them full but the last. Others overlook it.
 */
export const STORED_HEADER = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 4, 0, 0x43, 0x42, 0, 0]);
/** A member ends with the CRC-32 and the length of its content. */
export const TRAILER_BYTES = 8;
/** A stored block says whether it is the last, and its length twice (RFC 1951, section 3.2.4). */
export const BLOCK_HEADER_BYTES = 5;
export const MAX_BLOCK_BYTES = 65_535;
