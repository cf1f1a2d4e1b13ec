import type { BuiltImage } from '@convox-builds/domain';
import type { FetchedManifest } from '@convox-builds/registry';

/** What came out of building or copying one service's image. */
export interface BuiltService {
  readonly image: BuiltImage;
  /** The image's manifest or index, as the registry has it. */
  readonly manifest: FetchedManifest;
  /** The image's entrypoint, quoted for a shell; `''` for none. */
  readonly entrypoint: string;
}
