import { decodeObject } from './decode.js';
import { type Build, decodeBuild } from './rack-objects.js';

/** A build that was just imported. */
export interface ImportedBuild extends Build {
  /** What was odd about the archive; empty from other racks. */
  readonly warnings: readonly string[];
}

export function decodeImportedBuild(value: unknown): ImportedBuild {
  const { warnings } = decodeObject(value);
  return { ...decodeBuild(value), warnings: Array.isArray(warnings) ? warnings.map(String) : [] };
}
