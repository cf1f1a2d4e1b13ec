export { ArchiveError, type ArchiveErrorCode } from './archive/archive-error.js';
export { type ArchiveLimits, DEFAULT_ARCHIVE_LIMITS } from './archive/archive-limits.js';
export type { ArchivedImage } from './archive/archived-image.js';
export type { ImagePlace } from './archive/list-image.js';
export { listUnpublished, publishImages } from './archive/publish-images.js';
export { type ArchiveTarget, type ReceivedArchive, receiveBuildArchive } from './archive/receive-build-archive.js';
export type { Section } from './archive/section.js';
export { type ArchivedBuild, type BuildArchive, writeBuildArchive } from './archive/write-build-archive.js';
export { copyImage } from './copy-image.js';
export { createRegistryClient } from './create-registry-client.js';
export { type DescribedImage, describeImage } from './describe-image.js';
export {
  type Descriptor,
  descriptorSchema,
  type ImageIndex,
  type ImageManifest,
  MANIFEST_TYPES,
  parseManifest,
} from './descriptor.js';
export {
  createEcrPasswords,
  type EcrLogin,
  type EcrPasswords,
  type EcrPasswordsOptions,
} from './ecr/create-ecr-passwords.js';
export { EcrError, type EcrErrorCode } from './ecr/ecr-error.js';
export type { EcrAccessKey, EcrRegistry } from './ecr/ecr-registry.js';
export { measureImages } from './measure-images.js';
export { createRackRepositories, type RackRepositories } from './rack-repositories.js';
export type { RegistryAccess, RegistryCredentials, RegistryScope } from './registry-access.js';
export type { CallOptions, FetchedManifest, RegistryClient, Repository, StreamedBlob } from './registry-client.js';
export { RegistryError, type RegistryErrorCode } from './registry-error.js';
export {
  createOwnLogin,
  createOwnRegistryAccess,
  loadTokenIssuer,
  type OwnLogin,
  type RegistrySettings,
  registrySettingsFrom,
  registryVariables,
} from './registry-settings.js';
export { manifestsOf, type TaggedBuild, tagImages } from './tag-images.js';
export {
  createTokenIssuer,
  type IssuedToken,
  type TokenGrant,
  type TokenIssuer,
  type TokenIssuerOptions,
} from './token-issuer.js';
export { parseTokenScope } from './token-scope.js';
export { digestOf } from './verify-digest.js';
