import {
  createEcrPasswords,
  createOwnLogin,
  createOwnRegistryAccess,
  createRackRepositories,
  createRegistryClient,
  type OwnLogin,
  type RackRepositories,
  type RegistryClient,
  type RegistrySettings,
  type TokenIssuer,
} from '@convox-builds/registry';

import { HttpError } from '../http/http-error.js';
import { explainRegistryError } from './explain-registry-error.js';

/** The rack's registry. */
export interface RackRegistry extends RackRepositories {
  readonly client: RegistryClient;
  /** Who the rack is there, unless it has tokens. */
  readonly login: OwnLogin;
}

/** Opens the rack's registry; `undefined` when nobody told where it is. */
export function createRackRegistry(
  settings: RegistrySettings,
  issuer: TokenIssuer | undefined,
): RackRegistry | undefined {
  if (settings.host === '') return undefined;
  const login = createOwnLogin(settings, createEcrPasswords());
  const access = createOwnRegistryAccess(settings, { issuer, login, subject: 'api' });
  return { ...createRackRepositories(settings), client: createRegistryClient({ access }), login };
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

/**
 * Sees to it that the images of an app have a place.
 *
 * @throws {HttpError} 500, 503
 */
export async function prepareRepository(
  { registry }: { readonly registry: RackRegistry | undefined },
  app: string,
): Promise<void> {
  try {
    await registry?.prepareRepository(app);
  } catch (error) {
    throw explainRegistryError(error);
  }
}
