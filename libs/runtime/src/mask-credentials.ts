/** Replaces the user name and password of every URL in a text: `postgres://a:b@c` becomes `postgres://***@c`. */
export function maskCredentials(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@]+@/gi, '$1***@');
}
