import type { ApiParts } from '../api-parts.js';
import { HttpError } from '../http/http-error.js';
import { InwardAddressError } from '../outgoing/address-guard.js';

/**
 * Refuses a URL whose host is an inward address. Only addresses are checked here; what a name leads to is checked at each call.
 *
 * @throws {HttpError} 400, with the name of the field
 */
export function assertOutward(field: string, url: string, { settings }: Pick<ApiParts, 'settings'>): void {
  try {
    settings.webhooks.guard.assertHost(new URL(url).hostname);
  } catch (error) {
    if (error instanceof InwardAddressError) throw new HttpError(400, `${field}: ${error.message}`, { cause: error });
    throw error;
  }
}
