import { type ArchivedBuildJson, archivedBuildSchema } from '@convox-builds/api-contract';
import type { Environment } from '@convox-builds/domain';
import { type AppManifest, ManifestError, parseManifest } from '@convox-builds/manifest';
import { type ArchivedImage, ArchiveError, type ReceivedArchive } from '@convox-builds/registry';

/** An archive whose images are those that its build needs. */
export interface FittingArchive {
  readonly build: ArchivedBuildJson;
  /** By service, in the manifest's order. */
  readonly images: ReadonlyMap<string, ArchivedImage>;
  readonly warnings: readonly string[];
}

const unfit = (message: string, options?: ErrorOptions) => new ArchiveError('unfit', message, options);

function readBuild(json: unknown): ArchivedBuildJson {
  const { data, error } = archivedBuildSchema.safeParse(json);
  if (error === undefined) return data;
  const [{ path, message } = { path: [], message: '' }] = error.issues;
  throw new ArchiveError('malformed', `build.json cannot be decoded: ${path.map(String).join('.')} ${message}`);
}

function readManifest(text: string, variables: Environment): { manifest: AppManifest; warnings: readonly string[] } {
  try {
    // What is missing here can be set before the release is promoted.
    return parseManifest(text, { variables, fileName: 'convox.yml', allowsMissing: true });
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw unfit(`manifest parse failed: ${error.message}`, { cause: error });
  }
}

function getImage({ images }: ReceivedArchive, build: ArchivedBuildJson, service: string): ArchivedImage {
  const image = images.get(service);
  if (image === undefined) throw unfit(`archive has no image for service: ${service}`);
  const recorded = new Map(Object.entries(build.images ?? {})).get(service)?.digest ?? image.top.digest;
  if (recorded === image.top.digest) return image;
  throw unfit(`service ${service}: its image is ${image.top.digest} and not ${recorded}, as build.json says`);
}

/**
 * Checks that an archive goes together: its manifest can be read, every service has its one image, and nothing else has.
 *
 * @throws {ArchiveError}
 */
export function fitArchive(archive: ReceivedArchive, environment: Environment): FittingArchive {
  const build = readBuild(archive.build);
  const { manifest, warnings } = readManifest(build.manifest, environment);
  const services = Object.keys(manifest.services);
  const unknown = [...archive.images.keys()].find((service) => !services.includes(service));
  if (unknown !== undefined) throw unfit(`archive contains unknown service: ${unknown}`);
  const images = new Map(services.map((service) => [service, getImage(archive, build, service)]));
  return { build, images, warnings: [...archive.warnings, ...warnings] };
}
