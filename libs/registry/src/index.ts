export { copyImage } from './copy-image.js';
export {
  type Descriptor,
  descriptorSchema,
  type ImageIndex,
  type ImageManifest,
  MANIFEST_TYPES,
  parseManifest,
} from './descriptor.js';
export type { RegistryAccess, RegistryCredentials, RegistryScope } from './registry-access.js';
export {
  type CallOptions,
  createRegistryClient,
  type FetchedManifest,
  type RegistryClient,
  type Repository,
} from './registry-client.js';
export { RegistryError, type RegistryErrorCode } from './registry-error.js';
export {
  createTokenIssuer,
  type IssuedToken,
  type TokenGrant,
  type TokenIssuer,
  type TokenIssuerOptions,
} from './token-issuer.js';
export { parseTokenScope } from './token-scope.js';
export { digestOf } from './verify-digest.js';
