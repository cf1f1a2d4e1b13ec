import { z } from 'zod';

import { text } from './fields.js';

/** A host with a port and a path or without; Docker Hub is often written as `https://index.docker.io/v1/`. */
const SERVER =
  /^(?:https:\/\/)?(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?(?:\/[\w~-][\w.~-]*)*\/?$/;

/** `POST /registries`. */
export const createRegistrySchema = z.object({
  server: text(255)
    .refine((value) => SERVER.test(value), 'must be a host such as ghcr.io, with a port and a path or without')
    .describe('Host, with a port and a path or without'),
  username: text(255)
    .refine((value) => value !== '' && !value.includes(':'), 'must not be empty, nor contain a colon')
    .describe('For an ECR registry the access key'),
  password: text(16 * 1024)
    .refine((value) => value !== '', 'must not be empty')
    .describe('For an ECR registry the secret of the access key'),
});
