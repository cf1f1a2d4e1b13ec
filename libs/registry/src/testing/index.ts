export { pushTestImage, pushTestIndex } from './push-test-image.js';
