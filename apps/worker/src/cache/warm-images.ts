import { createHash } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** BuildKit deletes what was not used for long, without telling anybody. */
const WARM_FOR_MS = 48 * 3600_000;

/** Names an image of an app: an app that was deleted and created again has another key. */
export interface WarmImage {
  readonly sourceKey: string;
  readonly service: string;
}

/** What this worker's disk has the layers of: what was solved here and has not been deleted since. */
export interface WarmImages {
  readonly has: (image: WarmImage) => Promise<boolean>;
  /** Notes that an image was solved. */
  readonly add: (image: WarmImage) => Promise<void>;
  /** Notes that layers were deleted: any may be among them. */
  readonly forget: () => Promise<void>;
}

/**
 * Opens the notes of a disk, one empty file an image. They lie in BuildKit's own state, so that whoever deletes the one
 * deletes the other.
 *
 * @param stateFolder the folder of BuildKit's state
 */
export function openWarmImages(stateFolder: string, { warmForMs = WARM_FOR_MS } = {}): WarmImages {
  const folder = join(stateFolder, 'root', 'warm-images');
  const fileOf = ({ sourceKey, service }: WarmImage) =>
    join(folder, createHash('sha256').update(`${service}\n${sourceKey}`).digest('hex'));
  return {
    has: async (image) => {
      const note = await stat(fileOf(image)).catch(() => undefined);
      return note !== undefined && Date.now() - note.mtimeMs < warmForMs;
    },
    add: async (image) => {
      await mkdir(folder, { recursive: true });
      await writeFile(fileOf(image), '');
    },
    forget: () => rm(folder, { recursive: true, force: true }),
  };
}
