import { isGitRef } from '@convox-builds/domain';
import { z } from 'zod';

/** A full id, of SHA-1 or SHA-256. */
export const commitIdSchema = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'is no full id of a commit');

/** The name of a branch or a tag. */
export const refNameSchema = z.string().refine(isGitRef, 'is no name of a branch or a tag');

/** The number of a pull request; no forge has come further. */
export const requestNumberSchema = z.int32().positive();

/** `owner/name`, or with more parts. */
export const fullNameSchema = z
  .string()
  .max(500)
  .regex(/^[^\s/\p{Cc}]+(?:\/[^\s/\p{Cc}]+)+$/u, 'is no name of a repository')
  .refine((name) => name.split('/').every((part) => !/^\.+$/.test(part)), 'is no name of a repository');

/** What a forge may leave out or give as null. */
export const textSchema = z
  .string()
  .nullish()
  .transform((text) => text ?? '');

/** When something changed, in the form of ISO 8601; `''` when it was not told. */
export const timeSchema = textSchema.transform((text) => {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString();
});

const filesSchema = z
  .array(z.string())
  .nullish()
  .transform((files) => files ?? []);

/** A commit of a push, as GitHub, GitLab and Gitea tell of it. */
export const pushedCommitSchema = z.object({
  id: commitIdSchema,
  message: textSchema,
  author: z.object({ name: textSchema }).nullish(),
  added: filesSchema,
  removed: filesSchema,
  modified: filesSchema,
});

/** A commit of a push. */
export type PushedCommit = z.infer<typeof pushedCommitSchema>;

/** The commits of a push. */
export const pushedCommitsSchema = z
  .array(pushedCommitSchema)
  .nullish()
  .transform((commits) => commits ?? []);

/** Who did something, as GitHub and Gitea tell of it. */
export const senderSchema = z
  .object({ login: z.string() })
  .nullish()
  .transform((sender) => sender?.login ?? '');

/** A repository as GitHub and Gitea tell of it. */
export const repositorySchema = z
  .object({ full_name: fullNameSchema, clone_url: z.string(), ssh_url: textSchema, default_branch: textSchema })
  .transform(({ full_name, clone_url, ssh_url, default_branch }) => ({
    fullName: full_name,
    cloneUrls: [clone_url, ssh_url].filter((url) => url !== ''),
    defaultBranch: default_branch,
  }));
