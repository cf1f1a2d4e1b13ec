import { z } from 'zod';

import { textField, timeField } from './fields.js';

/** A login or a key for a git server; its secret is never answered. */
export const gitCredentialSchema = z.object({
  /** With the port, unless it is the usual one. */
  host: z.string(),
  /** `token` or `ssh-key`. */
  kind: z.string(),
  username: textField,
  /** Of a key what `ssh-keygen -l` says, of a token the beginning of its SHA-256. */
  fingerprint: textField,
  created: timeField,
});

/** A login or a key for a git server. */
export type WireGitCredential = z.output<typeof gitCredentialSchema>;

/** A key by which an ssh server is known. */
export const gitHostSchema = z.object({
  /** With the port, unless it is 22. */
  host: z.string(),
  /** `ssh-ed25519 AAAA…` */
  key: z.string(),
  /** `SHA256:…` */
  fingerprint: textField,
});

/** A key by which an ssh server is known. */
export type WireGitHost = z.output<typeof gitHostSchema>;
