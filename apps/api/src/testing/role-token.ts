import { createHmac } from 'node:crypto';

import { JWT_SECRET } from './start-test-api.js';

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs a role token, as the holder of the secret does; with options, as somebody else would. */
export function roleToken(claims: object, { alg = 'HS256', secret = JWT_SECRET } = {}): string {
  const signed = `${encode({ alg, typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
