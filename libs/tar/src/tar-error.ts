/**
 * What is wrong with a tar:
 *
 * - `corrupt`: it is none, or it is cut off
 * - `unsafe`: it has something in it that could do harm
 * - `too-large`: it is over a limit
 */
export type TarErrorCode = 'corrupt' | 'unsafe' | 'too-large';

/** A tar cannot be read. The message says what is wrong with it, without saying what it was for. */
export class TarError extends Error {
  override readonly name = 'TarError';
  readonly code: TarErrorCode;

  constructor(code: TarErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
