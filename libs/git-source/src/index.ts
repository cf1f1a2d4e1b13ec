export { createGitFetcher, type GitFetcher } from './create-git-fetcher.js';
export { GitError, type GitErrorCode } from './git-error.js';
export type { GitFetcherOptions } from './git-fetcher-options.js';
export type { FetchedSource, GitRequest } from './git-request.js';
export type { TransferLimits } from './limit-transfer.js';
export type { GitAccess } from './open-transport.js';
export type { CommitDescription } from './read-commit.js';
export type { Lookup, Place } from './resolve-host.js';
