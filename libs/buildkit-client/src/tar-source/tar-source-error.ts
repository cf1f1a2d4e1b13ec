/**
 * What is wrong with an archive:
 *
 * - `corrupt`: it is no gzip tar, or it is cut off
 * - `unsafe`: it has something in it that no source needs and that could do harm
 * - `too-large`: it is over a limit
 */
export type TarSourceErrorCode = 'corrupt' | 'unsafe' | 'too-large';

/** A source archive cannot be used. The message is for the person who sent it. */
export class TarSourceError extends Error {
  override readonly name = 'TarSourceError';
  readonly code: TarSourceErrorCode;
  /** What is wrong with it, for whoever did not send an archive. */
  readonly reason: string;

  constructor(code: TarSourceErrorCode, reason: string, options?: ErrorOptions) {
    super(`Cannot read source archive: ${reason}`, options);
    this.code = code;
    this.reason = reason;
  }
}
