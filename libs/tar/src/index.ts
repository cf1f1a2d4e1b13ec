export { ByteReader } from './byte-reader.js';
export { encodeTarHeader, type TarEntryFields } from './encode-tar-header.js';
export type { TarHeader } from './parse-tar-header.js';
export { readTar, type TarEntry, type TarLimits } from './read-tar.js';
export { TAR_BLOCK_BYTES, TAR_END_BYTES, tarPadding } from './tar-block.js';
export { TarError, type TarErrorCode } from './tar-error.js';
export { passPlain, type UnpackLimits, unpackGzip } from './unpack-gzip.js';
