import { createHmac } from 'node:crypto';

/** The header that carries a signature, as Convox calls it. */
export const SIGNATURE_HEADER = 'Convox-Signature';

/**
 * Signs what we send: `t=<unix seconds>,v1=<hex>`, HMAC-SHA256 with the secret's own characters as the key, over the time, a
 * dot, and the body.
 */
export function signBody(body: string, { secret, time }: { secret: string; time: Date }): string {
  const seconds = Math.floor(time.getTime() / 1000);
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${signature}`;
}
