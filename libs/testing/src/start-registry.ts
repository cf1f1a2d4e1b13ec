import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { findFreePort } from './free-port.js';
import { type Service, spawnService } from './spawn-service.js';
import { createTemporaryFolder } from './temporary-folder.js';
import { waitUntil } from './wait-until.js';

/** A registry of a test's own. */
export interface TestRegistry {
  /** `127.0.0.1:port`, plain HTTP. */
  readonly host: string;
  readonly service: Service;
  readonly stop: () => Promise<void>;
}

/** Who may use the registry; default everybody. */
export type TestRegistryAuth =
  /** Lines of an htpasswd file (bcrypt). */
  | { readonly kind: 'basic'; readonly htpasswd: string }
  | { readonly kind: 'token'; readonly realm: string; readonly service: string; readonly certificateFile: string };

function authLines(auth: TestRegistryAuth, folder: string): string[] {
  if (auth.kind === 'basic')
    return ['auth:', '  htpasswd:', '    realm: test', `    path: ${join(folder, 'htpasswd')}`];
  const { realm, service, certificateFile } = auth;
  const token = { realm, service, issuer: service, rootcertbundle: certificateFile };
  return ['auth:', '  token:', ...Object.entries(token).map(([key, value]) => `    ${key}: ${JSON.stringify(value)}`)];
}

/** A registry on disk that can be started, killed, and started again. */
export interface PreparedRegistry {
  readonly host: string;
  /** Starts it and waits until it answers. */
  readonly start: () => Promise<Service>;
  readonly remove: () => Promise<void>;
}

/** Makes an empty registry on a free port. */
export async function prepareRegistry({ auth }: { auth?: TestRegistryAuth } = {}): Promise<PreparedRegistry> {
  const folder = await createTemporaryFolder();
  const host = `127.0.0.1:${await findFreePort()}`;
  const config = join(folder.path, 'config.yml');
  const lines = [
    'version: 0.1',
    'log: { level: warn, accesslog: { disabled: true } }',
    `storage: { filesystem: { rootdirectory: ${folder.path}/data }, delete: { enabled: true } }`,
    `http: { addr: ${host} }`,
    ...(auth === undefined ? [] : authLines(auth, folder.path)),
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  if (auth?.kind === 'basic') await writeFile(join(folder.path, 'htpasswd'), auth.htpasswd);
  const start = async () => {
    const service = await spawnService('docker-registry', ['serve', config]);
    const isUp = () =>
      fetch(`http://${host}/v2/`).then(
        () => true,
        () => false,
      );
    await waitUntil(isUp, { what: `the registry is up: ${service.output()}` });
    return service;
  };
  return { host, start, remove: folder.remove };
}

/** Starts the real registry (distribution) on a free port. */
export async function startRegistry(options: { auth?: TestRegistryAuth } = {}): Promise<TestRegistry> {
  const { host, start, remove } = await prepareRegistry(options);
  const service = await start();
  return {
    host,
    service,
    stop: async () => {
      await service.stop('SIGKILL');
      await remove();
    },
  };
}
