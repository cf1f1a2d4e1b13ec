import type { Session } from '@convox-builds/buildkit-client';
import type { PlannedBuild } from '@convox-builds/manifest';
import type { Span } from '@convox-builds/runtime';

import type { Attempt } from '../attempt.js';

/** One image to build, over the session that serves its files. */
export interface ImageToBuild {
  readonly attempt: Attempt;
  readonly image: PlannedBuild;
  readonly session: Session;
  readonly signal: AbortSignal;
  /** Of the making of this image. */
  readonly span: Span;
}
