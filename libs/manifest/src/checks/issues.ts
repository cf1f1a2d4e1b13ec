import type { Remark } from '../manifest-error.js';
import type { Place } from '../yaml/create-locator.js';

/** What is wrong with a manifest that can be read: all of it is told at once. */
export interface Issues {
  readonly add: (place: Place, text: string) => void;
  readonly all: readonly Remark[];
}

/** Creates an empty collection. */
export function createIssues(): Issues {
  const all: Remark[] = [];
  return { all, add: (place, text) => void all.push({ place, text }) };
}
