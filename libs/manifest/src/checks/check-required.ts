import { findRequiredName } from '../find-required-name.js';
import type { WrittenApp } from '../grammar/app-grammar.js';
import type { EnvironmentItem } from '../grammar/environment.js';
import { errorAt, type Remark } from '../manifest-error.js';
import { quote } from '../quote.js';

/** Every service has the variables of all: a few bytes more of either would be many more of both. */
const MAX_VARIABLES = 100_000;
/** Names in a message. */
const MAX_NAMES = 200;

/**
 * What a service needs and the app does not have: a bare `KEY` anywhere, whatever defaults other entries have. It stops
 * the build only when the manifest's own text needs it: otherwise it stops the promotion.
 *
 * @returns a warning about the first service concerned
 * @throws {ManifestError}
 */
export function checkRequired(
  app: WrittenApp,
  { variables, usedNames }: { variables: ReadonlyMap<string, string>; usedNames: ReadonlySet<string> },
): Remark | undefined {
  const own = app.services.map(({ value }) => value.environment ?? []);
  const total = own.reduce((sum, items) => sum + app.environment.length + items.length, 0);
  const [shared] = app.environment;
  if (total > MAX_VARIABLES && shared !== undefined)
    throw errorAt(shared.place, 'invalid', `all services together have more than ${MAX_VARIABLES} variables`);
  const isMissing = ({ text }: EnvironmentItem) => {
    const name = findRequiredName(text);
    return name !== undefined && !variables.has(name);
  };
  for (const items of own) {
    const missing = [...app.environment, ...items].filter(isMissing);
    const [first] = missing;
    if (first === undefined) continue;
    const names = [...new Set(missing.map(({ text }) => text.trim()))].sort();
    const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
    const text = `required env: ${names.slice(0, MAX_NAMES).map(quote).join(', ')}${more}`;
    if (names.some((name) => usedNames.has(name))) throw errorAt(first.place, 'environment', text);
    return { place: first.place, text };
  }
  return undefined;
}
