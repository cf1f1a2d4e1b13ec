/**
 * Why an archive is refused:
 *
 * - `malformed`: it is no archive of a build, or it is damaged
 * - `unfit`: what is in it does not go together
 */
export type ArchiveErrorCode = 'malformed' | 'unfit';

/** An archive of a build cannot be used. The message is one line for the person who sent it. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly code: ArchiveErrorCode;

  constructor(code: ArchiveErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const MAX_SHOWN = 100;

/** A name out of an archive, short enough to be shown. */
export function shown(name: string): string {
  return name.length > MAX_SHOWN ? `${name.slice(0, MAX_SHOWN)}…` : name;
}
