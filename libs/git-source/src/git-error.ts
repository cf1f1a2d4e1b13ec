/**
 * Why a source could not be had:
 *
 * - `not-found`: there is no such host, repository, branch, tag, commit or folder
 * - `denied`: the server wants another login, or is not the one that it was
 * - `refused`: we do not do that: an inward address, a redirection, an object that makes no sense
 * - `too-large`: it is over a limit
 * - `unavailable`: the server or the way to it failed; it may work later
 */
export type GitErrorCode = 'not-found' | 'denied' | 'refused' | 'too-large' | 'unavailable';

/** A source could not be had from git. The message is for the person who asked for it, and has no secret in it. */
export class GitError extends Error {
  override readonly name = 'GitError';
  readonly code: GitErrorCode;

  constructor(code: GitErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The server sends us elsewhere, and git does not go. */
export class RedirectError extends GitError {
  constructor(message: string, options?: ErrorOptions) {
    super('refused', message, options);
  }
}
