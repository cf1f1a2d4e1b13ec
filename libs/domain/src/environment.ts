/** An app's environment: names to values, in no particular order. */
export type Environment = ReadonlyMap<string, string>;

/**
 * Reads `KEY=VALUE` lines: split at the first `=`, the key trimmed, the value verbatim. Lines without `=` and empty
 * lines are skipped, as Convox does (`pkg/structs/environment.go`).
 */
export function parseEnvironment(text: string): Environment {
  const environment = new Map<string, string>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (equals < 0) continue;
    const key = line.slice(0, equals).trim();
    if (key !== '') environment.set(key, line.slice(equals + 1).replace(/\r$/, ''));
  }
  return environment;
}

/** Writes an environment as sorted `KEY=VALUE` lines, without a final newline. */
export function formatEnvironment(environment: Environment): string {
  return [...environment]
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join('\n');
}

/** Describes what changed from one environment to another: `env add:A change:B remove:C`, or `''` for no change. */
export function describeEnvironmentChange(before: Environment, after: Environment): string {
  const added = [...after.keys()].filter((key) => !before.has(key));
  const changed = [...after.keys()].filter((key) => before.has(key) && before.get(key) !== after.get(key));
  const removed = [...before.keys()].filter((key) => !after.has(key));
  const words = [
    ...added.sort().map((key) => `add:${key}`),
    ...changed.sort().map((key) => `change:${key}`),
    ...removed.sort().map((key) => `remove:${key}`),
  ];
  return words.length === 0 ? '' : `env ${words.join(' ')}`;
}
