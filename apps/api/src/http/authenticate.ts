import type { IncomingHttpHeaders } from 'node:http';

import type { Settings } from '../settings.js';
import { HttpError } from './http-error.js';
import { isEqualText } from './is-equal-text.js';
import { type Role, readRoleToken } from './role-token.js';

/** Who asks. */
export interface Caller {
  readonly role: Role;
  /** Who acts, as far as anybody said: for records only, nothing is decided by it. */
  readonly name: string;
}

type Secrets = Pick<Settings, 'rackPassword' | 'jwtSecret'>;
type RequestHead = { readonly method: string; readonly headers: IncomingHttpHeaders };

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Reads user and password of HTTP Basic (RFC 7617); `undefined` when there are none. */
export function readBasic(header: string): { user: string; password: string } | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/=_-]+) *$/i.exec(header) ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function findRole({ rackPassword, jwtSecret }: Secrets, header: string): { role: Role; user: string } | undefined {
  const basic = readBasic(header);
  if (basic === undefined) return undefined;
  const { user, password } = basic;
  if (user === 'jwt') return jwtSecret === undefined ? undefined : readRoleToken(percentDecode(password), jwtSecret);
  // Clients send the user info as it is written in the URL, so it may be percent-encoded. Both are always compared.
  const matches = [isEqualText(password, rackPassword), isEqualText(percentDecode(password), rackPassword)];
  return matches.includes(true) ? { role: 'a', user: '' } : undefined;
}

function nameOf(headers: IncomingHttpHeaders, user: string): string {
  const actor = headers['x-convox-actor'];
  const named = typeof actor === 'string' && actor.trim() !== '' ? actor : user;
  return (
    named
      .replace(/[^\x20-\x7e]/g, '?')
      .trim()
      .slice(0, 100) || 'unknown'
  );
}

/**
 * Lets a request pass: GET, HEAD and upgrades need the right to read, everything else the right to write.
 *
 * A browser that was once given the password sends it from any page, so what other sites make it send is refused.
 *
 * @throws {HttpError} 401 for a stranger and for a role that is too small, 403 for a page of another site
 */
export function authenticate({ method, headers }: RequestHead, secrets: Secrets): Caller {
  const found = findRole(secrets, headers.authorization ?? '');
  if (found === undefined) throw new HttpError(401, 'invalid authentication');
  const isRead = method === 'GET' || method === 'HEAD';
  if (found.role === 'r' && !isRead) throw new HttpError(401, 'you are unauthorized to access this');
  const isForeign = headers['sec-fetch-site'] === 'cross-site';
  if (isForeign && (!isRead || headers.upgrade !== undefined)) {
    throw new HttpError(403, 'requests from pages of other sites are refused');
  }
  return { role: found.role, name: nameOf(headers, found.user) };
}
