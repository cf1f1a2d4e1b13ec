import { decodeObject, textField } from './decode.js';

/** A base image of a build. */
export interface BaseImage {
  readonly image: string;
  /** What it was resolved to. */
  readonly digest: string;
}

/** Reads what a rack says of a build's base images; none from others. */
export function decodeBaseImages(value: unknown): BaseImage[] {
  if (!Array.isArray(value)) return [];
  return value
    .map(decodeObject)
    .map((json) => ({ image: textField(json, 'image'), digest: textField(json, 'digest') }));
}
