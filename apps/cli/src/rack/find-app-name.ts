import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';

/** Finds the app that is meant: `--app`, else the file `.convox/app`, else the name of the working directory. */
export function findAppName(option: string | undefined): string {
  if (option !== undefined && option !== '') return option;
  const isFile = statSync('.convox/app', { throwIfNoEntry: false })?.isFile() ?? false;
  const named = isFile ? readFileSync('.convox/app', 'utf8').trim() : '';
  return named === '' ? basename(process.cwd()) : named;
}
