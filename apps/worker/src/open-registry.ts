import {
  createEcrPasswords,
  createRackRepositories,
  createRegistryClient,
  type EcrPasswords,
  type RackRepositories,
  type RegistryClient,
} from '@convox-builds/registry';

import type { BuildFence } from './build-fence/create-build-fence.js';
import { createRegistryGate, type RegistryGate } from './registry-gate.js';
import type { Settings } from './settings.js';

/** What a worker has for the rack's registry, and for others. */
export interface RegistryParts {
  readonly registry: RegistryClient;
  readonly repositories: RackRepositories;
  readonly registryGate: RegistryGate;
  /** For registries of ECR: the rack's own, and those that people told it. */
  readonly ecrPasswords: EcrPasswords;
}

/** Opens the rack's registry as the worker's settings say. */
export async function openRegistry(
  { registry: settings, buildTimeoutMs }: Pick<Settings, 'registry' | 'buildTimeoutMs'>,
  fence: BuildFence,
): Promise<RegistryParts> {
  const repositories = createRackRepositories(settings);
  // The daemon may keep what it was given until the end of a build.
  const ecrPasswords = createEcrPasswords({ goodForMs: buildTimeoutMs });
  const registryGate = await createRegistryGate(settings, { repositories, ecrPasswords, fence });
  return { registry: createRegistryClient({ access: registryGate.access }), repositories, registryGate, ecrPasswords };
}
