const SCHEME = 'image://';

/** Writes the source of a build that is made by copying an image: `image://` and its reference. */
export function formatImageSource(image: string): string {
  return `${SCHEME}${image}`;
}

/** Finds the image in the source of a build; `undefined` for every other source. */
export function findSourceImage(source: string): string | undefined {
  return source.startsWith(SCHEME) ? source.slice(SCHEME.length) : undefined;
}
