import type { GitSource } from '@convox-builds/domain';

import type { GitAccess } from './open-transport.js';
import type { CommitDescription } from './read-commit.js';

/** What is wanted from a git server. */
export interface GitRequest {
  readonly source: GitSource;
  /** The commit, when it is known already: instead of the source's ref. */
  readonly commit?: string;
  /** Who asks: what was fetched for one is never given to another. */
  readonly owner: string;
  readonly withSubmodules: boolean;
  /**
   * Tells how a server lets us in.
   *
   * @param isOpened whether it is in a network that the rack's operator has opened
   */
  readonly findAccess: (source: GitSource, isOpened: boolean) => Promise<GitAccess>;
  /** Told of what a person should know, in one line. */
  readonly onWarning: (text: string) => void;
  readonly signal: AbortSignal;
}

/** A source that was fetched. */
export interface FetchedSource {
  readonly commit: CommitDescription & {
    /** Full id. */
    readonly id: string;
    /** `''` when no branch was asked for by its name. */
    readonly branch: string;
  };
  /** The tree as an uncompressed tar; to be read once. Rejects with a {@link GitError}. */
  readonly tar: AsyncGenerator<Buffer>;
  /** To be called in any case. */
  readonly close: () => Promise<void>;
}
