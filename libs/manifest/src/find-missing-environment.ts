import type { AppManifest } from './app-manifest.js';
import { findRequiredName } from './find-required-name.js';

/**
 * Finds what a service requires (a bare `KEY` in its list or in that of all services) and the environment does not have: the
 * sorted names for the first service that lacks some, as Convox tells it.
 */
export function findMissingEnvironment(
  { services }: Pick<AppManifest, 'services'>,
  environment: ReadonlyMap<string, string>,
): readonly string[] {
  for (const service of Object.values(services)) {
    const required = service.environment.flatMap((item) => findRequiredName(item) ?? []);
    const missing = new Set(required.filter((name) => !environment.has(name)));
    if (missing.size > 0) return [...missing].sort();
  }
  return [];
}
