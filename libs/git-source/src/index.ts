export { isNetwork } from './address-policy.js';
export {
  createGitFetcher,
  type FetchedSource,
  type GitFetcher,
  type GitFetcherOptions,
  type GitRequest,
} from './create-git-fetcher.js';
export { GitError, type GitErrorCode } from './git-error.js';
export type { TransferLimits } from './limit-transfer.js';
export type { GitAccess } from './open-transport.js';
export type { CommitDescription } from './read-commit.js';
export type { Lookup, Place } from './resolve-host.js';
