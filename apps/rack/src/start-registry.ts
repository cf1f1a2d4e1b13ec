import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { DataFolder } from './open-data-folder.js';
import { untilListening } from './ready.js';
import { type Child, startChild } from './start-child.js';
import type { ServiceOptions } from './start-redis.js';

const STOP_WITHIN_MS = 5000;

/** The name under which the registry and those who sign its tokens know each other. */
export const REGISTRY_SERVICE = 'convox-builds';

/** The registry's configuration. It is YAML, of which JSON is a part. */
function renderConfig(
  port: number,
  data: string,
  { realm, certificateFile }: { realm: string; certificateFile: string },
): string {
  // Only this one registry has to know it.
  const secret = randomBytes(32).toString('hex');
  return JSON.stringify({
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: data }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}`, secret },
    auth: { token: { realm, service: REGISTRY_SERVICE, issuer: REGISTRY_SERVICE, rootcertbundle: certificateFile } },
  });
}

/** Starts the registry: on loopback, for holders of tokens that this rack signed. */
export async function startRegistry(
  { folder, port, searchPath, logger }: ServiceOptions,
  { apiUrl, data }: { apiUrl: string; data: DataFolder },
): Promise<Child> {
  const images = join(folder, 'registry');
  const config = join(folder, 'registry.yml');
  await mkdir(images, { recursive: true });
  const auth = { realm: `${apiUrl}/registry/token`, certificateFile: data.tokenCertificateFile };
  await writeFile(config, renderConfig(port, images, auth), { mode: 0o600 });
  return startChild({
    name: 'registry',
    command: 'docker-registry',
    args: ['serve', config],
    environment: { PATH: searchPath, OTEL_TRACES_EXPORTER: 'none' },
    waitUntilReady: () => untilListening(port),
    stopWithinMs: STOP_WITHIN_MS,
    isOurs: false,
    logFile: join(folder, 'registry.log'),
    logger,
  });
}
