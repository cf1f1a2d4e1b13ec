import { decodeList, decodeObject, type JsonObject, parseJson, textField } from './decode.js';
import type { RackConnection } from './rack-connection.js';

/** A forge that is told of the builds of its repositories. */
export interface Forge {
  readonly json: JsonObject;
  readonly host: string;
  readonly kind: string;
  readonly apiUrl: string;
  /** Why the last thing that it was to be told was given up; `''` when it was told. */
  readonly problem: string;
}

/** The calls about forges. */
export interface ForgeCalls {
  list(): Promise<readonly Forge[]>;
  /** Adds a forge, or replaces the one of that host. */
  add(form: Readonly<Record<string, string>>): Promise<Forge>;
  remove(host: string): Promise<void>;
}

function decodeForge(value: unknown): Forge {
  const json = decodeObject(value);
  return {
    json,
    host: textField(json, 'host'),
    kind: textField(json, 'kind'),
    apiUrl: textField(json, 'api-url'),
    problem: textField(json, 'problem'),
  };
}

/** Makes the calls over a connection. */
export function createForgeCalls({ call }: RackConnection): ForgeCalls {
  return {
    list: async () => decodeList(parseJson(await call({ method: 'GET', path: '/forges' })), decodeForge),
    add: async (form) => decodeForge(parseJson(await call({ method: 'POST', path: '/forges', form }))),
    remove: async (host) => void (await call({ method: 'DELETE', path: `/forges/${encodeURIComponent(host)}` })),
  };
}
