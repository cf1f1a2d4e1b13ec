export {
  archiveOf,
  blobFile,
  blobOf,
  configOf,
  file,
  imageOf,
  indexOf,
  layoutFiles,
  manifestOf,
  type TestBlob,
} from './make-archive.js';
export { pushTestImage, pushTestIndex } from './push-test-image.js';
