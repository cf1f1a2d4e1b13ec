import { formatPlace, type Place } from './yaml/create-locator.js';

/**
 * What is wrong with a manifest:
 *
 * - `syntax`: it is no YAML, or YAML that only an attacker would write
 * - `type`: something has a form that it cannot have
 * - `invalid`: something has a value that it cannot have
 * - `environment`: a variable that the manifest needs is not set
 */
export type ManifestErrorCode = 'syntax' | 'type' | 'invalid' | 'environment';

/** convox.yml cannot be used. The message is for the person who wrote it: `convox.yml:12:5: …`. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly code: ManifestErrorCode;
  /** Where, as far as it is known; of several errors the first one's place. */
  readonly place: Place | undefined;

  constructor(code: ManifestErrorCode, message: string, options: ErrorOptions & { place?: Place | undefined } = {}) {
    super(message, options);
    this.code = code;
    this.place = options.place;
  }
}

/** One of several things that are wrong, or odd. */
export interface Remark {
  readonly place: Place;
  readonly text: string;
}

/** Remarks that are written out; who needs more writes the next ones afterwards. */
export const MAX_REMARKS = 100;

const byPlace = ({ place: a }: Remark, { place: b }: Remark) => a.line - b.line || a.column - b.column;

/** Writes remarks in the order of the file, a line for each; of very many only the first ones. */
export function formatRemarks(remarks: readonly Remark[]): string[] {
  const lines = remarks
    .toSorted(byPlace)
    .slice(0, MAX_REMARKS)
    .map(({ place, text }) => `${formatPlace(place)}: ${text}`);
  return remarks.length > MAX_REMARKS ? [...lines, `and ${remarks.length - MAX_REMARKS} more`] : lines;
}

/** An error that comes alone. */
export function errorAt(place: Place, code: ManifestErrorCode, text: string): ManifestError {
  return new ManifestError(code, `${formatPlace(place)}: ${text}`, { place });
}

/** Everything that is wrong in one error. */
export function errorFromRemarks(remarks: readonly Remark[]): ManifestError {
  const message = ['validation errors:', ...formatRemarks(remarks)].join('\n');
  return new ManifestError('invalid', message, { place: remarks.toSorted(byPlace)[0]?.place });
}
