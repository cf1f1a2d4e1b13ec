import { decodeList, decodeObject, type JsonObject, parseJson, textField } from './decode.js';
import { appPath, type WireParameters } from './rack-client.js';
import type { RackConnection } from './rack-connection.js';

/** A login or a key for a git server, without its secret. */
export interface GitCredential {
  readonly json: JsonObject;
  readonly host: string;
  readonly kind: string;
  readonly username: string;
  readonly fingerprint: string;
}

/** A key by which an ssh server is known. */
export interface GitHost {
  readonly json: JsonObject;
  readonly host: string;
  readonly key: string;
  readonly fingerprint: string;
  /** It comes with the rack. */
  readonly isShipped: boolean;
}

/** The calls about git servers. Credentials are of an app, or (`undefined`) of the whole rack. */
export interface GitCalls {
  listCredentials(app: string | undefined): Promise<readonly GitCredential[]>;
  addCredential(app: string | undefined, form: WireParameters): Promise<void>;
  removeCredential(app: string | undefined, host: string, query: WireParameters): Promise<void>;
  listHosts(): Promise<readonly GitHost[]>;
  /** Believes these keys of a server, and none that were there before. */
  pinHost(host: string, keys: string): Promise<readonly GitHost[]>;
  forgetHost(host: string): Promise<void>;
}

const credentialsPath = (app: string | undefined, ...host: readonly string[]) =>
  app === undefined
    ? ['/git-credentials', ...host.map(encodeURIComponent)].join('/')
    : appPath(app, 'git-credentials', ...host);

function decodeGitCredential(value: unknown): GitCredential {
  const json = decodeObject(value);
  return {
    json,
    host: textField(json, 'host'),
    kind: textField(json, 'kind'),
    username: textField(json, 'username'),
    fingerprint: textField(json, 'fingerprint'),
  };
}

function decodeGitHost(value: unknown): GitHost {
  const json = decodeObject(value);
  return {
    json,
    host: textField(json, 'host'),
    key: textField(json, 'key'),
    fingerprint: textField(json, 'fingerprint'),
    isShipped: json['shipped'] === true,
  };
}

/** Makes the calls of {@link GitCalls} over a connection. */
export function createGitCalls({ call }: RackConnection): GitCalls {
  return {
    listCredentials: async (app) =>
      decodeList(parseJson(await call({ method: 'GET', path: credentialsPath(app) })), decodeGitCredential),
    addCredential: async (app, form) => void (await call({ method: 'POST', path: credentialsPath(app), form })),
    removeCredential: async (app, host, query) =>
      void (await call({ method: 'DELETE', path: credentialsPath(app, host), query })),
    listHosts: async () => decodeList(parseJson(await call({ method: 'GET', path: '/git-hosts' })), decodeGitHost),
    pinHost: async (host, keys) =>
      decodeList(parseJson(await call({ method: 'POST', path: '/git-hosts', form: { host, keys } })), decodeGitHost),
    forgetHost: async (host) => void (await call({ method: 'DELETE', path: `/git-hosts/${encodeURIComponent(host)}` })),
  };
}
