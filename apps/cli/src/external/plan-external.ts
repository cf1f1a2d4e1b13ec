import { formatImageReference, parseImageReference } from '@convox-builds/domain';
import { type PlannedImage, parseManifest, planImages } from '@convox-builds/manifest';

/** What an external build is planned from. */
export interface ExternalSource {
  readonly folder: string;
  /** Name of the manifest in the folder. */
  readonly manifest: string;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** In full: short names mean other registries elsewhere, and podman reads files of this machine by some, such as `dir:/etc`. */
function nameInFull(image: PlannedImage): PlannedImage {
  return image.kind === 'copy' ? { ...image, image: formatImageReference(parseImageReference(image.image)) } : image;
}

/**
 * Plans the images as a rack would.
 *
 * @throws {Error} in one line, when the manifest is wrong
 */
export function planExternal(
  text: string,
  { manifest: fileName, buildArgs }: ExternalSource,
  { environment, warn }: { environment: ReadonlyMap<string, string>; warn: (line: string) => void },
): readonly PlannedImage[] {
  const variables = new Map([...environment, ...Object.entries(buildArgs)]);
  const { manifest, warnings } = parseManifest(text, { variables, fileName });
  for (const line of warnings) warn(line);
  return planImages({ manifest, environment, buildArgs }).images.map(nameInFull);
}
