import type { Repository } from './registry-client.js';
import { RegistryError } from './registry-error.js';

/** Where an upload goes on; each answer may name another place (OCI Distribution spec, "Pushing a blob in chunks"). */
export function placeOf({ registry }: Repository, response: Response): string {
  const location = response.headers.get('location');
  if (location === null) throw new RegistryError('invalid', `Cannot upload to "${registry}": it names no place`);
  return location;
}

/** The address that closes an upload: with it, the blob is what its digest says. */
export const closedWith = (place: string, digest: string) =>
  `${place}${place.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`;
