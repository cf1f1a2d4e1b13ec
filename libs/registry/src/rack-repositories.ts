import { createEcrRepositories } from './ecr/ecr-repositories.js';
import type { CallOptions, Repository } from './registry-client.js';
import type { RegistrySettings } from './registry-settings.js';

/** The repositories of the rack's registry: one for each app. */
export interface RackRepositories {
  /** Where the images of an app are. */
  readonly repositoryOf: (app: string) => Repository;
  /** Whether a repository is there as soon as something is pushed to it; else it has to be prepared. */
  readonly isMadeByPush: boolean;
  /**
   * Sees to it that there is a repository to push to. Most registries make one when something is pushed to it.
   *
   * @throws {EcrError}
   */
  readonly prepareRepository: (app: string, options?: CallOptions) => Promise<void>;
  /**
   * Removes the repository of an app, where a registry keeps empty ones.
   *
   * @throws {EcrError}
   */
  readonly removeRepository: (app: string, options?: CallOptions) => Promise<void>;
}

/** Opens the repositories of the rack's registry. */
export function createRackRepositories({ host, prefix, ecr }: RegistrySettings): RackRepositories {
  const nameOf = (app: string) => (prefix === '' ? app : `${prefix}/${app}`);
  const repositories = ecr && createEcrRepositories(ecr);
  return {
    repositoryOf: (app) => ({ registry: host, repository: nameOf(app) }),
    isMadeByPush: repositories === undefined,
    prepareRepository: async (app, options) => repositories?.ensure(nameOf(app), options),
    removeRepository: async (app, options) => repositories?.remove(nameOf(app), options),
  };
}
