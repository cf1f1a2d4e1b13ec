import {
  createAddressPolicy,
  type FindAddress,
  HostError,
  listOwnServices,
  type Place,
  placeOfUrl,
  registryHostFromServer,
  resolveHost,
} from '@convox-builds/domain';
import { lookupHost } from '@convox-builds/git-source';
import type { Store } from '@convox-builds/store';

import type { Settings } from '../settings.js';

/**
 * Where what is built may have the worker and its daemon go: where RUN steps may. Registries are trusted, and with them where
 * they lead, that are the rack's own, its mirror, Docker Hub, or that people told it a login for.
 */
export interface BuildFence {
  /** Tells why a server may not be asked. Of one that cannot be found, whoever asks it hears that in other words. */
  readonly refuse: (place: Place) => Promise<string | undefined>;
  /** Tells why a registry may not be asked. */
  readonly refuseRegistry: (host: string) => Promise<string | undefined>;
  /** Finds what finds the addresses of a registry, and of wherever it leads; `undefined`: it is trusted. */
  readonly findGuard: (registry: string) => Promise<FindAddress | undefined>;
  /** Finds the address of a server which may be that of a trusted registry. Throws a {@link HostError}. */
  readonly findAddress: FindAddress;
}

type FenceSettings = Pick<Settings, 'runNetwork' | 'databaseUrl' | 'redisUrl' | 'registry'>;

const DOCKER_HUB = ['docker.io', 'registry-1.docker.io'];

function resolveOptions(settings: FenceSettings) {
  const shared = { lookup: lookupHost, setting: 'BUILD_ALLOWED_NETWORKS' };
  const { mode, openNetworks } = settings.runNetwork;
  const open = { ...shared, policy: createAddressPolicy(['0.0.0.0/0', '::/0']), ownServices: [] };
  if (mode === 'host') return { open, fenced: open };
  const fenced = { ...shared, policy: createAddressPolicy(openNetworks), ownServices: listOwnServices(settings) };
  return { open, fenced };
}

/** The names that a registry may be known by. */
function registriesAt({ host, port }: Place): string[] {
  return [`${host}:${port}`, ...([80, 443].includes(port) ? [host] : [])];
}

/** Sets up the fence as the worker's settings say. */
export function createBuildFence(settings: FenceSettings, { store }: { store: Pick<Store, 'registries'> }): BuildFence {
  const { open, fenced } = resolveOptions(settings);
  const { host: ownHost, dockerHubMirror } = settings.registry;
  const trusted = new Set([ownHost, dockerHubMirror.split('/')[0], ...DOCKER_HUB]);

  async function isTrusted(names: readonly string[]): Promise<boolean> {
    if (names.some((name) => trusted.has(name))) return true;
    const known = (await store.registries.list()).map(({ server }) => registryHostFromServer(server));
    return names.some((name) => known.includes(name.toLowerCase()));
  }
  async function refuse(place: Place): Promise<string | undefined> {
    try {
      await resolveHost(place, fenced);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      if (error.code === 'refused') return error.message;
    }
    return undefined;
  }
  return {
    refuse,
    refuseRegistry: async (host) =>
      (await isTrusted([host])) ? undefined : refuse(placeOfUrl(new URL(`https://${host}`))),
    findGuard: async (registry) => ((await isTrusted([registry])) ? undefined : (place) => resolveHost(place, fenced)),
    findAddress: async (place) => resolveHost(place, (await isTrusted(registriesAt(place))) ? open : fenced),
  };
}
