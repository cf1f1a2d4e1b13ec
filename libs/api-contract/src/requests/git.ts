import { isGitServerName } from '@convox-builds/domain';
import { z } from 'zod';

import { text } from './fields.js';

const MAX_SECRET_LENGTH = 16 * 1024;
const MAX_KEYS_LENGTH = 64 * 1024;

const host = text(300)
  .transform((value) => value.toLowerCase())
  .refine(isGitServerName, 'must be a host such as git.example.org or git.example.org:8443');
const kind = z.enum(['token', 'ssh-key'], 'must be token or ssh-key');
const plain = (value: string) => !/\p{Cc}/u.test(value);

/** `POST /git-credentials` and `POST /apps/{a}/git-credentials`. */
export const createGitCredentialSchema = z
  .object({
    host,
    kind: kind.default('token'),
    /** Of a token; most servers take any. */
    username: text(200).refine(plain, 'contains a control character').default(''),
    secret: text(MAX_SECRET_LENGTH)
      .transform((value) => value.trim())
      .refine((value) => value !== '', 'is required'),
  })
  .refine((form) => form.kind === 'ssh-key' || plain(form.secret), 'secret contains a control character');

/** `DELETE …/git-credentials/{host}`: without a kind both. */
export const removeGitCredentialSchema = z.object({ kind: kind.optional() });

/** `POST /git-hosts`. */
export const pinGitHostSchema = z.object({ host, keys: text(MAX_KEYS_LENGTH) });
