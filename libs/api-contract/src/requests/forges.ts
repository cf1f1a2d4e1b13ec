import { isGitServerName } from '@convox-builds/domain';
import { CONNECTED_FORGE_KINDS } from '@convox-builds/forge';
import { z } from 'zod';
import { text } from './fields.js';
import { outgoingUrl } from './outgoing-url.js';

const MAX_TOKEN_LENGTH = 4096;

/** `POST /forges`: without an address of its API, the usual one. */
export const createForgeSchema = z.object({
  kind: z.enum(CONNECTED_FORGE_KINDS, `must be one of ${CONNECTED_FORGE_KINDS.join(', ')}`),
  host: text(300)
    .transform((value) => value.toLowerCase())
    .refine(isGitServerName, 'must be a host such as github.com or git.example.org:8443')
    .describe('As in the addresses for cloning: `github.com`'),
  'api-url': outgoingUrl
    .refine((url) => new URL(url).search === '', 'must not have a "?" in it')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  token: text(MAX_TOKEN_LENGTH)
    .transform((value) => value.trim())
    .refine((value) => /^[\x21-\x7e]+$/.test(value), 'must be one word of ASCII')
    .describe('It may set statuses and write comments; of a person at Bitbucket `address:token`'),
});
