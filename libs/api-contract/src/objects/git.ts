import { z } from 'zod';

import { textField, timeField } from './fields.js';

/** A login or a key for a git server; its secret is never answered. */
export const gitCredentialSchema = z.object({
  host: z.string().describe('With the port, unless it is the usual one'),
  kind: z.string().describe('`token` or `ssh-key`'),
  username: textField,
  fingerprint: textField.describe('Of a key what `ssh-keygen -l` says, of a token the beginning of its SHA-256'),
  created: timeField,
});

/** A login or a key for a git server. */
export type WireGitCredential = z.output<typeof gitCredentialSchema>;

/** A key by which an ssh server is known. */
export const gitHostSchema = z.object({
  host: z.string().describe('With the port, unless it is 22'),
  key: z.string().describe('`ssh-ed25519 AAAA…`'),
  fingerprint: textField.describe('`SHA256:…`'),
  shipped: z.boolean().describe('It comes with the rack; pinned keys of the same host take its place'),
});

/** A key by which an ssh server is known. */
export type WireGitHost = z.output<typeof gitHostSchema>;
