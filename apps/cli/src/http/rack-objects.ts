import { decodeObject, type JsonObject, textField, timeField } from './decode.js';

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
}

export interface Build extends Received {
  readonly id: string;
  readonly status: string;
  /** The full word that our racks send; `undefined` from others. */
  readonly state: string | undefined;
  readonly reason: string;
  readonly release: string;
  readonly description: string;
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

export interface System extends Received {
  readonly name: string;
  readonly provider: string;
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
  };
}

export function decodeBuild(value: unknown): Build {
  const json = decodeObject(value);
  const state = textField(json, 'state');
  return {
    json,
    id: textField(json, 'id'),
    status: textField(json, 'status'),
    state: state === '' ? undefined : state,
    reason: textField(json, 'reason'),
    release: textField(json, 'release'),
    description: textField(json, 'description'),
    started: timeField(json, 'started'),
    ended: timeField(json, 'ended'),
  };
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

export function decodeSystem(value: unknown): System {
  const json = decodeObject(value);
  return {
    json,
    name: textField(json, 'name'),
    provider: textField(json, 'provider'),
    region: textField(json, 'region'),
    domain: textField(json, 'domain'),
    internalRouter: textField(json, 'router-internal'),
    status: textField(json, 'status'),
    version: textField(json, 'version'),
  };
}
