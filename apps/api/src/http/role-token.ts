import { createHmac, timingSafeEqual } from 'node:crypto';

import { z } from 'zod';

/** What a caller may do: read; read and write; everything. */
export type Role = 'r' | 'rw' | 'a';

const headerSchema = z.object({ alg: z.literal('HS256') });
const claimsSchema = z.object({
  role: z.enum(['r', 'rw', 'a']),
  user: z.string().default(''),
  exp: z.number().optional(),
  nbf: z.number().optional(),
});

const parsePart = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

function hasValidSignature(signed: string, signature: string, secret: string): boolean {
  const expected = createHmac('sha256', secret).update(signed).digest();
  const given = Buffer.from(signature, 'base64url');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * Reads a role token: a JWT (RFC 7519) signed with HS256 and our secret, with claims `role` and `user` (Convox,
 * `pkg/jwt`). `undefined`: it is not ours, or its time is not now.
 */
export function readRoleToken(token: string, secret: string): { role: Role; user: string } | undefined {
  const [header = '', claims = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || !hasValidSignature(`${header}.${claims}`, signature, secret)) return undefined;
  try {
    headerSchema.parse(parsePart(header));
    const { role, user, exp, nbf } = claimsSchema.parse(parsePart(claims));
    const now = Date.now() / 1000;
    const isValidNow = (exp === undefined || now < exp) && (nbf === undefined || nbf <= now);
    return isValidNow ? { role, user } : undefined;
  } catch {
    // Signed by us, but no role token: as good as none.
    return undefined;
  }
}
