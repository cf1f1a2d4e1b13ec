import {
  createOwnRegistryAccess,
  createRegistryClient,
  loadTokenIssuer,
  registryVariables,
} from '@convox-builds/registry';
import type { Logger, Shutdown } from '@convox-builds/runtime';

import type { DataFolder } from './open-data-folder.js';
import { seedBaseImages } from './seed-base-images.js';
import type { RackSettings } from './settings.js';
import { REGISTRY_SERVICE, startRegistry } from './start-registry.js';

/** Where the rack's own registry keeps images in place of Docker Hub's. */
export const MIRROR_PATH = 'docker.io';

/** The registry of a rack. */
export interface OpenedRegistry {
  readonly host: string;
  /** Variables by which the api and the workers find it, and what is asked before Docker Hub, unless they were given. */
  readonly environment: Readonly<Record<string, string>>;
  readonly baseImages: readonly string[];
}

/** What the rack's own registry is started with. */
export interface RegistryParts {
  readonly settings: RackSettings;
  readonly data: DataFolder;
  readonly logger: Logger;
  readonly shutdown: Shutdown;
  readonly hostname: string;
  readonly port: number;
  readonly apiUrl: string;
}

async function seed(host: string, { settings, data }: RegistryParts): Promise<string[]> {
  const issuer = await loadTokenIssuer({ ...data, service: REGISTRY_SERVICE });
  const login = async () => undefined;
  const access = createOwnRegistryAccess({ host, isPlainHttp: true }, { issuer, login, subject: 'rack' });
  const client = createRegistryClient({ access });
  const place = { registry: host, repository: MIRROR_PATH };
  return seedBaseImages(settings.environment.BASE_IMAGES_FOLDER, { place, client });
}

async function startOwn(parts: RegistryParts): Promise<OpenedRegistry> {
  const { settings, data, logger, shutdown, hostname, port, apiUrl } = parts;
  const { BASE_IMAGES_FOLDER, DOCKER_HUB_MIRROR, PATH: searchPath } = settings.environment;
  const host = `${hostname}:${port}`;
  const registry = await startRegistry({ folder: data.path, port, searchPath, logger }, { apiUrl, data });
  shutdown.add('registry', registry.stop);
  const isSeeded = BASE_IMAGES_FOLDER !== '' && DOCKER_HUB_MIRROR === undefined;
  const baseImages = isSeeded ? await seed(host, parts) : [];
  const environment = {
    // What was said of another registry is not for this one.
    ...Object.fromEntries(Object.keys(registryVariables).map((name) => [name, ''])),
    REGISTRY_HOST: host,
    REGISTRY_PLAIN_HTTP: 'true',
    REGISTRY_SERVICE,
    REGISTRY_TOKEN_KEY_FILE: data.tokenKeyFile,
    REGISTRY_TOKEN_CERTIFICATE_FILE: data.tokenCertificateFile,
    DOCKER_HUB_MIRROR: baseImages.length === 0 ? (DOCKER_HUB_MIRROR ?? '') : `${host}/${MIRROR_PATH}`,
  };
  return { host, environment, baseImages };
}

/** Opens the registry that the rack was told of, or starts one of its own with the base images that set-up made. */
export async function openRegistry(parts: RegistryParts): Promise<OpenedRegistry> {
  const { REGISTRY_HOST } = parts.settings.environment;
  return REGISTRY_HOST === undefined ? startOwn(parts) : { host: REGISTRY_HOST, environment: {}, baseImages: [] };
}
