export { copyImage } from './copy-image.js';
export { createRegistryClient } from './create-registry-client.js';
export {
  type Descriptor,
  descriptorSchema,
  type ImageIndex,
  type ImageManifest,
  MANIFEST_TYPES,
  parseManifest,
} from './descriptor.js';
export type { RegistryAccess, RegistryCredentials, RegistryScope } from './registry-access.js';
export type { CallOptions, FetchedManifest, RegistryClient, Repository } from './registry-client.js';
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
