import { z } from 'zod';

const count = z.number().int().nonnegative();

/** Where the steps of a build's service came from, and what became of its layer cache. */
export const buildCacheSchema = z.object({
  service: z.string(),
  local: count.describe('Steps that the disk of the worker had'),
  registry: count.describe('Steps that came from the layer cache in the registry'),
  built: count.describe('Steps that were run'),
  'import-ms': count.describe('What reading the cache took; 0 when it was not read'),
  export: z.enum(['waiting', 'done', 'skipped', 'failed']).describe('Whether the layers were written to the registry'),
  reason: z.string().describe('Why, or why not'),
  'export-ms': count.describe('What writing took; nobody waits for it'),
  'export-bytes': count.describe('What the cache takes'),
});
