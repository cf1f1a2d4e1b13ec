import type { AppManifest } from './app-manifest.js';
import { requiredNames } from './parse-environment-list.js';

/**
 * Finds what a service requires (a bare `KEY` in its list or in that of all services) and the environment does not have: the
 * sorted names for the first service that lacks some, as Convox tells it.
 */
export function findMissingEnvironment(
  { services }: Pick<AppManifest, 'services'>,
  environment: ReadonlyMap<string, string>,
): readonly string[] {
  for (const service of Object.values(services)) {
    const missing = requiredNames(service.environment).filter((name) => !environment.has(name));
    if (missing.length > 0) return missing;
  }
  return [];
}
