import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRackAddress, type RackAddress } from './rack-address.js';

/** The text of a file, `undefined` when there is none or it is empty. */
export function readTextIfThere(path: string): string | undefined {
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
    return isNamed && value.name !== '' ? String(value.name) : undefined;
  } catch (cause) {
    throw new Error(`cannot read the setting ${path}: it is not JSON`, { cause });
  }
}

/** Replaces a file at once, so that nobody finds half of it; it may hold a password, so that only its owner reads it. */
function writePrivately(path: string, text: string): void {
  const draft = `${path}.${process.pid}.draft`;
  try {
    writeFileSync(draft, text, { mode: 0o600 });
    chmodSync(draft, 0o600);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The racks that this person has logged in to, in a folder that Convox's own command uses, too. */
export class RackSettings {
  readonly racksFolder: string;
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    this.racksFolder = join(folder, 'racks');
  }

  /** Name of the rack that `switch` chose. */
  findChosenName(): string | undefined {
    return readTextIfThere(join(this.folder, 'rack')) ?? currentName(join(this.folder, 'current'));
  }

  /** Convox's own command would store an empty name in `current`, and fail with it from then on. */
  choose(name: string): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    writePrivately(join(this.folder, 'rack'), `${name}\n`);
  }

  listNames(): readonly string[] {
    if (!statSync(this.racksFolder, { throwIfNoEntry: false })?.isDirectory()) return [];
    const isFile = (name: string) => statSync(join(this.racksFolder, name), { throwIfNoEntry: false })?.isFile();
    return readdirSync(this.racksFolder).filter(isFile).toSorted();
  }

  /**
   * Finds the rack that a name, or a part of one, means.
   *
   * @throws {Error} when there is none, or there are several
   */
  selectName(wanted: string): string {
    const names = this.listNames();
    if (names.includes(wanted)) return wanted;
    const [first, ...others] = names.filter((name) => name.includes(wanted));
    if (first === undefined) throw new Error(`could not find rack: ${wanted}`);
    if (others.length > 0) throw new Error(`ambiguous rack name: ${wanted}`);
    return first;
  }

  readAddress(name: string): RackAddress {
    const path = join(this.racksFolder, name);
    return parseRackAddress(readFileSync(path, 'utf8'), path);
  }

  /** @param url with the password */
  remember(name: string, url: string): void {
    mkdirSync(this.racksFolder, { recursive: true, mode: 0o700 });
    writePrivately(join(this.racksFolder, name), `${url}\n`);
  }

  forget(name: string): void {
    rmSync(join(this.racksFolder, name));
    if (this.findChosenName() === name) rmSync(join(this.folder, 'rack'), { force: true });
  }
}
