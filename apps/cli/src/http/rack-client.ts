import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { type AppUsage, decodeAppUsage } from './app-usage.js';
import { decodeList, decodeObject, parseJson, textField } from './decode.js';
import { decodeFinding, type RackFinding } from './decode-finding.js';
import { decodeImportedBuild, type ImportedBuild } from './imported-build.js';
import type { RackConnection, RackRequest } from './rack-connection.js';
import { RackError } from './rack-error.js';
import {
  type App,
  type Build,
  decodeApp,
  decodeBuild,
  decodePromotion,
  decodeRegistryAccess,
  decodeRelease,
  decodeSystem,
  type Promotion,
  type RegistryAccess,
  type Release,
  type System,
} from './rack-objects.js';

/** Parameters by their names on the wire; absent ones are not sent. */
export type WireParameters = Readonly<Record<string, string>>;

/** How far an archive has come, and which one it is. */
export interface ArchivePlace {
  readonly bytes: number;
  readonly etag: string;
}

/** The calls of the Rack API that the command makes, one method each. */
export interface RackClient {
  readonly connection: RackConnection;
  getSystem(): Promise<System>;
  /** Has the rack look at what it needs; only our racks do. */
  examine(): Promise<readonly RackFinding[]>;
  listApps(): Promise<readonly App[]>;
  createApp(parameters: WireParameters): Promise<App>;
  getApp(app: string): Promise<App>;
  updateApp(app: string, parameters: WireParameters): Promise<void>;
  deleteApp(app: string): Promise<void>;
  resetCache(app: string): Promise<void>;
  /** Tells what the builds of an app take. */
  getUsage(app: string): Promise<AppUsage>;
  /** Stores an object and gives its `object://` address. */
  storeObject(app: string, key: string, content: Readable): Promise<string>;
  /** @param key our racks make one build of all requests that carry the same one */
  createBuild(app: string, parameters: WireParameters, key: string): Promise<Build>;
  listBuilds(app: string, query: WireParameters): Promise<readonly Build[]>;
  getBuild(app: string, id: string): Promise<Build>;
  /** Reports what became of a build that the rack does not run. */
  updateBuild(app: string, id: string, parameters: WireParameters): Promise<Build>;
  /** Has a build made of an image of another registry. */
  importImage(app: string, id: string, parameters: WireParameters): Promise<void>;
  cancelBuild(app: string, id: string): Promise<void>;
  /** Deletes old builds, at most 1000 at once, or tells which it would. */
  pruneBuilds(app: string, parameters: WireParameters): Promise<readonly Build[]>;
  /** Opens the archive of a build, from where it broke off. */
  exportBuild(app: string, id: string, from?: ArchivePlace): Promise<IncomingMessage>;
  importBuild(app: string, archive: Readable): Promise<ImportedBuild>;
  /** Reports the end of a build that the rack does not run: other racks tell their webhooks of it. */
  reportEvent(parameters: WireParameters): Promise<void>;
  createRelease(app: string, parameters: WireParameters): Promise<Release>;
  listReleases(app: string, query: WireParameters): Promise<readonly Release[]>;
  getRelease(app: string, id: string): Promise<Release>;
  /** How promotions went, the newest first; none where the rack does not tell. */
  listPromotions(app: string, query: WireParameters): Promise<readonly Promotion[]>;
  promoteRelease(app: string, id: string, parameters: WireParameters): Promise<void>;
  listRegistries(): Promise<readonly RegistryAccess[]>;
  addRegistry(parameters: WireParameters): Promise<RegistryAccess>;
  removeRegistry(server: string): Promise<void>;
}

/** Path of an app, or of what belongs to it. */
export function appPath(app: string, ...parts: readonly string[]): string {
  return ['/apps', app, ...parts].map((part, index) => (index === 0 ? part : encodeURIComponent(part))).join('/');
}

/** Makes the calls of {@link RackClient} over a connection. */
export function createRackClient(connection: RackConnection): RackClient {
  const fetchJson = async (request: RackRequest) => parseJson(await connection.call(request));
  const get = (path: string, query: WireParameters = {}) => fetchJson({ method: 'GET', path, query });
  const post = (path: string, form: WireParameters) => fetchJson({ method: 'POST', path, form });
  return {
    connection,
    getSystem: async () => decodeSystem(await get('/system')),
    examine: async () => decodeList(await get('/system/doctor'), decodeFinding),
    listApps: async () => decodeList(await get('/apps'), decodeApp),
    createApp: async (parameters) => decodeApp(await post('/apps', parameters)),
    getApp: async (app) => decodeApp(await get(appPath(app))),
    updateApp: async (app, form) => void (await connection.call({ method: 'PUT', path: appPath(app), form })),
    deleteApp: async (app) => void (await connection.call({ method: 'DELETE', path: appPath(app) })),
    resetCache: async (app) => void (await connection.call({ method: 'DELETE', path: appPath(app, 'cache') })),
    getUsage: async (app) => decodeAppUsage(await get(appPath(app, 'usage'))),
    storeObject: async (app, key, stream) => {
      const path = `${appPath(app, 'objects')}/${key}`;
      return textField(decodeObject(await fetchJson({ method: 'POST', path, stream })), 'Url');
    },
    createBuild: async (app, form, key) => {
      const headers = { 'Idempotency-Key': key };
      return decodeBuild(await fetchJson({ method: 'POST', path: appPath(app, 'builds'), form, headers }));
    },
    listBuilds: async (app, query) => decodeList(await get(appPath(app, 'builds'), query), decodeBuild),
    getBuild: async (app, id) => decodeBuild(await get(appPath(app, 'builds', id))),
    updateBuild: async (app, id, form) =>
      decodeBuild(await fetchJson({ method: 'PUT', path: appPath(app, 'builds', id), form })),
    importImage: async (app, id, form) =>
      void (await connection.call({ method: 'POST', path: appPath(app, 'builds', id, 'image'), form })),
    cancelBuild: async (app, id) =>
      void (await connection.call({ method: 'POST', path: appPath(app, 'builds', id, 'cancel'), form: {} })),
    pruneBuilds: async (app, form) => decodeList(await post(appPath(app, 'builds', 'prune'), form), decodeBuild),
    exportBuild: (app, id, from) => {
      const request = { method: 'GET', path: appPath(app, 'builds', `${id}.tgz`) } as const;
      if (from === undefined) return connection.open(request);
      return connection.open({ ...request, headers: { Range: `bytes=${from.bytes}-`, 'If-Range': from.etag } });
    },
    importBuild: async (app, stream) =>
      decodeImportedBuild(await fetchJson({ method: 'POST', path: appPath(app, 'builds', 'import'), stream })),
    reportEvent: async (form) => void (await connection.call({ method: 'POST', path: '/events', form })),
    createRelease: async (app, parameters) => decodeRelease(await post(appPath(app, 'releases'), parameters)),
    listReleases: async (app, query) => decodeList(await get(appPath(app, 'releases'), query), decodeRelease),
    getRelease: async (app, id) => decodeRelease(await get(appPath(app, 'releases', id))),
    listPromotions: async (app, query) => {
      const promotions = await get(appPath(app, 'promotions'), query).catch((error: unknown) => {
        if (error instanceof RackError && error.status === 404) return [];
        throw error;
      });
      return decodeList(promotions, decodePromotion);
    },
    promoteRelease: async (app, id, form) =>
      void (await connection.call({ method: 'POST', path: appPath(app, 'releases', id, 'promote'), form })),
    listRegistries: async () => decodeList(await get('/registries'), decodeRegistryAccess),
    addRegistry: async (parameters) => decodeRegistryAccess(await post('/registries', parameters)),
    // A server's name may contain slashes, and they stay such.
    removeRegistry: async (server) => {
      const path = `/registries/${server.split('/').map(encodeURIComponent).join('/')}`;
      await connection.call({ method: 'DELETE', path });
    },
  };
}
