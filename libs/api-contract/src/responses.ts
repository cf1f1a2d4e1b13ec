import { BUILD_STATES, builtImageSchema } from '@convox-builds/domain';
import { z } from 'zod';

/** An app. */
export const appSchema = z.object({
  generation: z.string(),
  locked: z.boolean(),
  name: z.string(),
  parameters: z.record(z.string(), z.string()),
  release: z.string(),
  router: z.string(),
  status: z.enum(['running', 'updating', 'rollback', 'creating', 'deleting']),
});

/** A build. Every field is present; `state` and `images` are ours, the others are Convox's. */
export const buildSchema = z.object({
  id: z.string(),
  app: z.string(),
  description: z.string(),
  'git-sha': z.string(),
  status: z.enum(['created', 'running', 'complete', 'failed']),
  state: z.enum(BUILD_STATES),
  started: z.string(),
  ended: z.string(),
  release: z.string(),
  manifest: z.string(),
  logs: z.string(),
  entrypoint: z.string(),
  process: z.string(),
  reason: z.string(),
  repository: z.string(),
  images: z.record(z.string(), builtImageSchema),
});

/** A release. */
export const releaseSchema = z.object({
  id: z.string(),
  app: z.string(),
  build: z.string(),
  env: z.string(),
  manifest: z.string(),
  description: z.string(),
  created: z.string(),
});

/** The rack. */
export const systemSchema = z.object({
  count: z.number().int(),
  domain: z.string(),
  name: z.string(),
  provider: z.string(),
  'rack-domain': z.string(),
  region: z.string(),
  status: z.string(),
  type: z.string(),
  version: z.string(),
});

/** Where an object was stored; the capital letter is Convox's. */
export const objectSchema = z.object({ Url: z.string() });

/** An error, for clients that accept JSON; others get the text. */
export const errorSchema = z.object({ error: z.string() });

/** An app on the wire. */
export type WireApp = z.infer<typeof appSchema>;
/** A build on the wire. */
export type WireBuild = z.infer<typeof buildSchema>;
/** A release on the wire. */
export type WireRelease = z.infer<typeof releaseSchema>;
/** The rack on the wire. */
export type WireSystem = z.infer<typeof systemSchema>;
