import { parseGitUrl } from '@convox-builds/domain';
import { z } from 'zod';

import type { ForgeEvent, ForgeRepository } from './forge-event.js';
import { commitIdSchema, fullNameSchema, refNameSchema, textSchema } from './webhook-schemas.js';

function repositoryFrom(address: string): ForgeRepository | undefined {
  try {
    const { source, login } = parseGitUrl(address);
    const path = source.remote.replace(/^[a-z]+:\/\/[^/]*\/|^[^:]*:/, '').replace(/^\/+|\.git$/g, '');
    if (login !== undefined || !fullNameSchema.safeParse(path).success) return undefined;
    return { fullName: path, cloneUrls: [source.remote], defaultBranch: '' };
  } catch {
    return undefined;
  }
}

const repositorySchema = z.string().transform((address, context) => {
  const repository = repositoryFrom(address);
  if (repository !== undefined) return repository;
  context.addIssue({ code: 'custom', message: 'is no address of a git repository without a login in it' });
  return z.NEVER;
});

const refSchema = refNameSchema.transform((text, context) => {
  const [, folder, name] = /^refs\/(heads|tags)\/(.+)$/.exec(text) ?? [];
  if (name !== undefined) return { type: folder === 'tags' ? ('tag' as const) : ('branch' as const), name };
  context.addIssue({ code: 'custom', message: 'has to begin with refs/heads/ or refs/tags/' });
  return z.NEVER;
});

/** What whoever has no forge of the others sends. */
const pushSchema = z.strictObject({
  repository: repositorySchema,
  ref: refSchema,
  /** `null`: the ref was deleted. */
  commit: commitIdSchema.nullable(),
  before: commitIdSchema.optional(),
  message: textSchema,
  author: textSchema,
  sender: textSchema,
  'changed-paths': z.array(z.string()).optional(),
});

/** Reads a webhook in our own words: {@link readWebhook} has the schema. */
export function readGeneric(json: unknown): ForgeEvent {
  const told = pushSchema.parse(json);
  return {
    kind: 'push',
    repository: told.repository,
    ref: told.ref,
    before: told.before,
    head: told.commit === null ? undefined : { id: told.commit, message: told.message, author: told.author },
    sender: told.sender,
    changedPaths: told['changed-paths'],
  };
}
