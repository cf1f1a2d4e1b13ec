/**
 * What is wrong with a manifest:
 *
 * - `syntax`: it is no YAML, or YAML that only an attacker would write
 * - `type`: something has a form that it cannot have
 * - `invalid`: something has a value that it cannot have
 * - `environment`: a variable that the manifest needs is not set
 */
export type ManifestErrorCode = 'syntax' | 'type' | 'invalid' | 'environment';

/** convox.yml cannot be used. The message is for the person who wrote it. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly code: ManifestErrorCode;
  /** Counted from 1, where known. */
  readonly line: number | undefined;

  constructor(code: ManifestErrorCode, message: string, options: ErrorOptions & { line?: number } = {}) {
    super(message, options);
    this.code = code;
    this.line = options.line;
  }
}
