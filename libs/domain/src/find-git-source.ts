import { findSourceImage } from './image-source.js';
import { isObjectUrl } from './object-url.js';

/** Finds the address of a git repository in the source of a build; `undefined` for every other source. */
export function findGitSource(source: string): string | undefined {
  const isOther = source === '' || isObjectUrl(source) || findSourceImage(source) !== undefined;
  return isOther ? undefined : source;
}
