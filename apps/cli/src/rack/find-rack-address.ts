import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../environment.js';
import { parseRackAddress, type RackAddress } from './rack-address.js';

function readTextIfThere(path: string): string | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  const text = readFileSync(path, 'utf8').trim();
  return text === '' ? undefined : text;
}

/** The name in the setting `current`, JSON that a Convox client's `switch` wrote. */
function currentName(path: string): string | undefined {
  const text = readTextIfThere(path);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const isNamed = typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';
    return isNamed ? String(value.name) : undefined;
  } catch (cause) {
    throw new Error(`cannot read the setting ${path}: it is not JSON`, { cause });
  }
}

function findRackName(option: string | undefined, environment: Environment): string | undefined {
  return (
    option ??
    environment.rackName ??
    readTextIfThere('.convox/rack') ??
    readTextIfThere(join(environment.settingsFolder, 'rack')) ??
    currentName(join(environment.settingsFolder, 'current'))
  );
}

function listRackFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile());
}

function selectRack(names: readonly string[], wanted: string): string {
  if (names.includes(wanted)) return wanted;
  const [first, ...others] = names.filter((name) => name.includes(wanted));
  if (first === undefined) throw new Error(`could not find rack: ${wanted}`);
  if (others.length > 0) throw new Error(`ambiguous rack name: ${wanted}`);
  return first;
}

/**
 * Finds the rack that is meant: `RACK_URL`, else a name (`--rack`, `CONVOX_RACK`, `.convox/rack`, the settings `rack` and
 * `current`) among the files `racks/<name>` of the settings folder, exactly or by a part of the name.
 *
 * @throws {Error} when none is meant, none or several fit, or the address is no URL
 */
export function findRackAddress(option: string | undefined, environment: Environment): RackAddress {
  if (environment.rackUrl !== undefined) return parseRackAddress(environment.rackUrl, 'RACK_URL');
  const wanted = findRackName(option, environment);
  const folder = join(environment.settingsFolder, 'racks');
  if (wanted === undefined) {
    throw new Error(
      `no current rack, use RACK_URL=http://convox:PASSWORD@host:port or --rack with a file in ${folder}`,
    );
  }
  const path = join(folder, selectRack(listRackFiles(folder), wanted));
  return parseRackAddress(readFileSync(path, 'utf8'), path);
}
