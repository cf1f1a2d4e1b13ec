import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import { z } from 'zod';

import type { Settings } from '../settings.js';
import { HttpError } from './http-error.js';

/** What a caller may do: read, read and write, or everything. */
export type Role = 'r' | 'rw' | 'a';

const claimsSchema = z.object({ role: z.enum(['r', 'rw', 'a']), exp: z.number().optional() });

function isEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Reads a token (RFC 7519) that was signed with HS256 and our secret. */
function roleFromToken(token: string, secret: string): Role | undefined {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const expected = createHmac('sha256', secret).update(`${header}.${claims}`).digest('base64url');
  if (!isEqual(signature, expected)) return undefined;
  try {
    const { alg } = z.object({ alg: z.string() }).parse(JSON.parse(Buffer.from(header, 'base64url').toString()));
    const { role, exp } = claimsSchema.parse(JSON.parse(Buffer.from(claims, 'base64url').toString()));
    const isValid = alg === 'HS256' && (exp === undefined || exp * 1000 > Date.now());
    return isValid ? role : undefined;
  } catch {
    return undefined;
  }
}

/** Reads `Authorization: Basic …`; clients send the URL's user info as it was written, so it may be percent-encoded. */
function readBasic(header: string): { user: string; password: string } | undefined {
  const [, encoded] = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(header) ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

type Secrets = Pick<Settings, 'rackPassword' | 'jwtSecret'>;

/** Tells who is asking; `undefined` for a stranger. */
export function findRole(header: string | undefined, { rackPassword, jwtSecret }: Secrets): Role | undefined {
  const basic = readBasic(header ?? '');
  if (basic === undefined) return undefined;
  const { user, password } = basic;
  if (user === 'jwt') return jwtSecret === undefined ? undefined : roleFromToken(percentDecode(password), jwtSecret);
  return isEqual(password, rackPassword) || isEqual(percentDecode(password), rackPassword) ? 'a' : undefined;
}

/**
 * Lets a request pass: GET and HEAD need read, everything else write.
 *
 * @throws {HttpError} 401
 */
export function authenticate(
  { header, method }: { header: string | undefined; method: string },
  secrets: Secrets,
): Role {
  const role = findRole(header, secrets);
  if (role === undefined) throw new HttpError(401, 'invalid authentication');
  if (role === 'r' && method !== 'GET' && method !== 'HEAD') {
    throw new HttpError(401, 'you are unauthorized to access this');
  }
  return role;
}
