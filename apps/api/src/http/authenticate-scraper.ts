import type { IncomingHttpHeaders } from 'node:http';

import type { Settings } from '../settings.js';
import { authenticate } from './authenticate.js';
import { isEqualText } from './is-equal-text.js';

type Secrets = Pick<Settings, 'rackPassword' | 'jwtSecret' | 'metricsToken'>;

/**
 * Lets who reads the metrics pass: with the bearer token (RFC 6750) of the settings, or as anybody who may read.
 *
 * The token opens nothing else, because a scraper keeps it in a file that many can read, and the rack's password may do
 * everything. The metrics are not for strangers either: they tell how much a team builds, and what it does not notice.
 *
 * @throws {HttpError} 401 for a stranger
 */
export function authenticateScraper(request: { method: string; headers: IncomingHttpHeaders }, secrets: Secrets): void {
  const [, token] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token !== undefined && secrets.metricsToken !== undefined && isEqualText(token, secrets.metricsToken)) return;
  authenticate(request, secrets);
}
