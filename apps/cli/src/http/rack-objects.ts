import { decodeObject, type JsonObject, textField, textFields, timeField } from './decode.js';
import { type BaseImage, decodeBaseImages } from './decode-base-images.js';
import { type BuildCache, decodeBuildCaches } from './decode-build-caches.js';
import { decodeQueuePlace, type QueuePlace } from './decode-queue-place.js';

/** Every object keeps the JSON that it came as, for `--json`. */
interface Received {
  readonly json: JsonObject;
}

export interface App extends Received {
  readonly name: string;
  readonly status: string;
  readonly generation: string;
  readonly isLocked: boolean;
  /** Id of the active release, or `''`. */
  readonly release: string;
  readonly router: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Build extends Received {
  readonly id: string;
  readonly status: string;
  /** The full word that our racks send; `undefined` from others. */
  readonly state: string | undefined;
  readonly reason: string;
  readonly release: string;
  /** Text of convox.yml, `''` before the rack has read it. */
  readonly manifest: string;
  /** Where an external build pushes to, with a password; `''` for any other. */
  readonly repository: string;
  readonly description: string;
  /** Address of the git repository that it was built from; `''` for a folder, and from other racks. */
  readonly gitUrl: string;
  readonly commit: string;
  readonly author: string;
  readonly started: Date | undefined;
  readonly ended: Date | undefined;
  /** Empty from other racks, and in lists. */
  readonly attempts: readonly Attempt[];
  /** Empty from other racks, in lists, and until it has ended. */
  readonly caches: readonly BuildCache[];
  /** Empty from other racks, and in lists. */
  readonly bases: readonly BaseImage[];
  /** Only while it is in the queue. */
  readonly queue: QueuePlace | undefined;
}

/** One attempt of a build. */
export interface Attempt {
  readonly attempt: number;
  readonly worker: string;
  readonly outcome: string;
  readonly reason: string;
  readonly started: Date | undefined;
  readonly ended: Date | undefined;
}

export interface Release extends Received {
  readonly id: string;
  readonly build: string;
  readonly description: string;
  /** `KEY=VALUE` lines. */
  readonly environmentText: string;
  readonly created: Date | undefined;
}

/** One promotion of a release. */
export interface Promotion extends Received {
  readonly release: string;
  readonly state: string;
  readonly reason: string;
}

/** Where images may be taken from, and as whom. A password that a rack sends is not kept. */
export interface RegistryAccess extends Received {
  readonly server: string;
  readonly username: string;
}

export interface System extends Received {
  readonly name: string;
  readonly provider: string;
  /** Whether it knows what Convox's own racks do not. */
  readonly isOurs: boolean;
  readonly region: string;
  readonly domain: string;
  readonly internalRouter: string;
  readonly status: string;
  readonly version: string;
}

export function decodeApp(value: unknown): App {
  const json = decodeObject(value);
  return {
    json,
    name: textField(json, 'name'),
    status: textField(json, 'status'),
    generation: textField(json, 'generation'),
    isLocked: json.locked === true,
    release: textField(json, 'release'),
    router: textField(json, 'router'),
    parameters: textFields(json, 'parameters'),
  };
}

export function decodeBuild(value: unknown): Build {
  const json = decodeObject(value);
  const state = textField(json, 'state');
  const repository = textField(json, 'repository');
  return {
    // The password in it is for pushing, and not for whoever reads what is printed.
    json: repository === '' ? json : { ...json, repository: repository.replace(/\/\/[^/]*@/, '//') },
    id: textField(json, 'id'),
    status: textField(json, 'status'),
    state: state === '' ? undefined : state,
    reason: textField(json, 'reason'),
    release: textField(json, 'release'),
    manifest: textField(json, 'manifest'),
    repository,
    description: textField(json, 'description'),
    gitUrl: textField(json, 'git-url'),
    commit: textField(json, 'git-sha'),
    author: textField(json, 'git-author'),
    started: timeField(json, 'started'),
    ended: timeField(json, 'ended'),
    attempts: decodeAttempts(json.attempts),
    caches: decodeBuildCaches(json.caches),
    bases: decodeBaseImages(json.bases),
    queue: decodeQueuePlace(json.queue),
  };
}

function decodeAttempts(value: unknown): Attempt[] {
  if (!Array.isArray(value)) return [];
  return value.map(decodeObject).map((json) => ({
    attempt: Number(json.attempt),
    worker: textField(json, 'worker'),
    outcome: textField(json, 'outcome'),
    reason: textField(json, 'reason'),
    started: timeField(json, 'started'),
    ended: timeField(json, 'ended'),
  }));
}

export function decodeRelease(value: unknown): Release {
  const json = decodeObject(value);
  return {
    json,
    id: textField(json, 'id'),
    build: textField(json, 'build'),
    description: textField(json, 'description'),
    environmentText: textField(json, 'env'),
    created: timeField(json, 'created'),
  };
}

export function decodePromotion(value: unknown): Promotion {
  const json = decodeObject(value);
  return {
    json,
    release: textField(json, 'release'),
    state: textField(json, 'state'),
    reason: textField(json, 'reason'),
  };
}

export function decodeRegistryAccess(value: unknown): RegistryAccess {
  const object = decodeObject(value);
  const [server, username] = [textField(object, 'server'), textField(object, 'username')];
  return { json: { server, username }, server, username };
}

export function decodeSystem(value: unknown): System {
  const json = decodeObject(value);
  return {
    json,
    name: textField(json, 'name'),
    provider: textField(json, 'provider'),
    isOurs: textField(json, 'provider') === 'builds',
    region: textField(json, 'region'),
    domain: textField(json, 'domain'),
    internalRouter: textField(json, 'router-internal'),
    status: textField(json, 'status'),
    version: textField(json, 'version'),
  };
}
