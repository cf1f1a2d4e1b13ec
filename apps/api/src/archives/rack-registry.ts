import {
  createOwnRegistryAccess,
  createRegistryClient,
  type RegistryClient,
  type RegistrySettings,
  type Repository,
  type TokenIssuer,
} from '@convox-builds/registry';

import { HttpError } from '../http/http-error.js';

/** The rack's registry. */
export interface RackRegistry {
  readonly client: RegistryClient;
  /** Where the images of an app are. */
  readonly repositoryOf: (app: string) => Repository;
}

/** Opens the rack's registry; `undefined` when nobody told where it is. */
export function createRackRegistry(
  settings: RegistrySettings,
  issuer: TokenIssuer | undefined,
): RackRegistry | undefined {
  const { host } = settings;
  if (host === '') return undefined;
  const client = createRegistryClient({ access: createOwnRegistryAccess(settings, { issuer, subject: 'api' }) });
  return { client, repositoryOf: (app) => ({ registry: host, repository: app }) };
}

/**
 * Gets the rack's registry.
 *
 * @throws {HttpError} 501 when there is none
 */
export function getRegistry({ registry }: { readonly registry: RackRegistry | undefined }): RackRegistry {
  if (registry === undefined) throw new HttpError(501, 'the api of this rack has no access to its registry');
  return registry;
}
