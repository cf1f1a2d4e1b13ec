import type { BuiltImage } from '@convox-builds/domain';

/** What came out of building or copying one service's image. */
export interface BuiltService {
  readonly image: BuiltImage;
  /** The image's entrypoint, quoted for a shell; `''` for none. */
  readonly entrypoint: string;
}
