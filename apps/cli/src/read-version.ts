import { readFileSync } from 'node:fs';

/** Set where the command is a single file, which may lie anywhere. */
declare const CONVOX_VERSION: string | undefined;

/** The version of this command, from its package. */
export function readVersion(): string {
  if (typeof CONVOX_VERSION === 'string') return CONVOX_VERSION;
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}
