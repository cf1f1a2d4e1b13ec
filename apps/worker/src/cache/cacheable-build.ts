import type { TarSource } from '@convox-builds/buildkit-client';
import type { AppManifest, BuildPlan, PlannedBuild } from '@convox-builds/manifest';
import type { BuiltService } from '@convox-builds/store';

import type { Attempt } from '../attempt.js';

/** An image that was built, and all that is needed to solve it once more. */
export interface CacheableImage {
  readonly image: PlannedBuild;
  readonly frontendAttrs: Readonly<Record<string, string>>;
  readonly built: BuiltService;
}

/** A complete build whose layers may go to the registry. */
export interface CacheableBuild {
  readonly attempt: Attempt;
  readonly source: TarSource;
  readonly manifest: AppManifest;
  readonly plan: BuildPlan;
  readonly images: readonly CacheableImage[];
}
