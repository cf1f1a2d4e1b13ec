import { z } from 'zod';

import { textField } from './fields.js';

/** A base image of a build. */
export const baseImageSchema = z.object({
  image: textField.describe('As the Dockerfile names it, in full: `docker.io/library/busybox:latest`'),
  digest: textField.describe('What it was resolved to: an image, or the index of its platforms'),
});
