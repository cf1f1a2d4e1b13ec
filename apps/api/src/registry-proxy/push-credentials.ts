import type { SecretBox } from '@convox-builds/store';
import { z } from 'zod';

/** The user that the client of an external build is. */
export const PUSH_USER = 'build';

const PLACE = 'push credentials';
const TTL_MS = 12 * 3_600_000;

const grantSchema = z.object({ app: z.string(), buildId: z.string(), expiresAt: z.number() });

/** What the password of an external build is good for. */
export interface PushGrant {
  readonly app: string;
  readonly buildId: string;
}

/**
 * Makes the password with which one external build may push to its app's repository, and to nothing else, for twelve
 * hours and not beyond its end. It is sealed, so that every replica can read it and nobody can make one.
 */
export function issuePushPassword(grant: PushGrant, secretBox: SecretBox): string {
  return secretBox.seal(JSON.stringify({ ...grant, expiresAt: Date.now() + TTL_MS }), PLACE);
}

/** Reads such a password; `undefined` when it is none, or too old. Whether the build has ended is for the caller to see. */
export function readPushPassword(password: string, secretBox: SecretBox): PushGrant | undefined {
  try {
    const grant = grantSchema.parse(JSON.parse(secretBox.open(password, PLACE)));
    return grant.expiresAt > Date.now() ? grant : undefined;
  } catch {
    // Anybody may send anything.
    return undefined;
  }
}
