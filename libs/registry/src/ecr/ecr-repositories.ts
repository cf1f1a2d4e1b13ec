import {
  CreateRepositoryCommand,
  type CreateRepositoryCommandInput,
  DeleteRepositoryCommand,
  DescribeRepositoriesCommand,
  type ECRClient,
  PutLifecyclePolicyCommand,
} from '@aws-sdk/client-ecr';
import { parseEcrHost, serviceCacheTag } from '@convox-builds/domain';

import type { CallOptions } from '../registry-client.js';
import { explainEcrError } from './ecr-error.js';
import { createEcrClient, type EcrRegistry } from './ecr-registry.js';

/** Repositories of ECR, which does not make one because something is pushed to it. */
export interface EcrRepositories {
  /**
   * Makes a repository unless it is there; one that is there stays as it is, whoever made it.
   *
   * @throws {EcrError}
   */
  readonly ensure: (name: string, options?: CallOptions) => Promise<void>;
  /**
   * Removes a repository with all that is in it; one that is not there is none to remove.
   *
   * @throws {EcrError}
   */
  readonly remove: (name: string, options?: CallOptions) => Promise<void>;
}

/** An image has its tag within seconds of its push; one that has none after a week was replaced, or its build has failed. */
const LIFECYCLE_POLICY = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: 'Images without a tag: of builds that failed, and layer caches that were replaced',
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
      action: { type: 'expire' },
    },
  ],
});

type Mutability = Pick<CreateRepositoryCommandInput, 'imageTagMutability' | 'imageTagMutabilityExclusionFilters'>;

/** Nobody moves an image's tag, and a cache's moves with each export. */
const IMMUTABLE: Mutability = {
  imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
  imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: serviceCacheTag('*') }],
};

/** Where ECR does not know exclusions yet. */
const MUTABLE: Mutability = { imageTagMutability: 'MUTABLE' };

const TAGS = [{ Key: 'managed-by', Value: 'convox-builds' }];

const NOT_KNOWN = new Set(['InvalidParameterException', 'ValidationException', 'UnsupportedOperationException']);

const hasName = (error: unknown, name: string) => error instanceof Error && error.name === name;

/** What the calls of one repository have in common. */
interface Place {
  readonly client: ECRClient;
  readonly repository: { readonly registryId: string | undefined; readonly repositoryName: string };
  readonly options: { readonly abortSignal?: AbortSignal };
}

async function isThere({ client, repository, options }: Place): Promise<boolean> {
  const { registryId, repositoryName } = repository;
  try {
    await client.send(new DescribeRepositoriesCommand({ registryId, repositoryNames: [repositoryName] }), options);
    return true;
  } catch (error) {
    if (hasName(error, 'RepositoryNotFoundException')) return false;
    throw explain(repository.repositoryName, 'ecr:DescribeRepositories', error);
  }
}

async function create({ client, repository, options }: Place): Promise<void> {
  const createWith = (mutability: Mutability) =>
    client.send(
      new CreateRepositoryCommand({
        ...repository,
        ...mutability,
        imageScanningConfiguration: { scanOnPush: true },
        tags: TAGS,
      }),
      options,
    );
  try {
    await createWith(IMMUTABLE).catch((error: unknown) => {
      if (error instanceof Error && NOT_KNOWN.has(error.name)) return createWith(MUTABLE);
      throw error;
    });
  } catch (error) {
    // Another worker was quicker.
    if (!hasName(error, 'RepositoryAlreadyExistsException'))
      throw explain(repository.repositoryName, 'ecr:CreateRepository (with ecr:TagResource)', error);
  }
}

async function letExpire({ client, repository, options }: Place): Promise<void> {
  try {
    await client.send(new PutLifecyclePolicyCommand({ ...repository, lifecyclePolicyText: LIFECYCLE_POLICY }), options);
  } catch (error) {
    throw explain(repository.repositoryName, 'ecr:PutLifecyclePolicy', error);
  }
}

const explain = (name: string, permission: string, error: unknown, verb = 'prepare') =>
  explainEcrError({ action: `${verb} repository "${name}" of ECR`, permission }, error);

/** Opens the repositories of a registry. */
export function createEcrRepositories(registry: EcrRegistry): EcrRepositories {
  const client = createEcrClient(registry);
  const registryId = parseEcrHost(registry.host)?.account;
  const placeOf = (repositoryName: string, { signal }: CallOptions): Place => ({
    client,
    repository: { registryId, repositoryName },
    options: signal === undefined ? {} : { abortSignal: signal },
  });
  return {
    ensure: async (name, options = {}) => {
      const place = placeOf(name, options);
      if (await isThere(place)) return;
      await create(place);
      await letExpire(place);
    },
    remove: async (name, options = {}) => {
      const place = placeOf(name, options);
      try {
        await client.send(new DeleteRepositoryCommand({ ...place.repository, force: true }), place.options);
      } catch (error) {
        if (!hasName(error, 'RepositoryNotFoundException'))
          throw explain(name, 'ecr:DeleteRepository', error, 'remove');
      }
    },
  };
}
