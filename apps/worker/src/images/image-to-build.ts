import type { Session } from '@convox-builds/buildkit-client';
import type { PlannedBuild } from '@convox-builds/manifest';

import type { Attempt } from '../attempt.js';

/** One image to build, over the session that serves its files. */
export interface ImageToBuild {
  readonly attempt: Attempt;
  readonly image: PlannedBuild;
  readonly session: Session;
  readonly signal: AbortSignal;
}
