/**
 * Why a forge was not told:
 *
 * - `refused`: it will not be otherwise the next time: a wrong token, no such repository or commit
 * - `limited`: it was asked too often; it says when it may be asked again
 * - `unavailable`: it, or the way to it, failed; it may work later
 */
export type ForgeErrorCode = 'refused' | 'limited' | 'unavailable';

/** A forge was not told. The message has one line, and not the token in it. */
export class ForgeError extends Error {
  override readonly name = 'ForgeError';
  readonly code: ForgeErrorCode;
  /** When it may be asked again; 0 but for `limited`. */
  readonly retryAfterMs: number;

  constructor(code: ForgeErrorCode, message: string, { retryAfterMs = 0 } = {}) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
