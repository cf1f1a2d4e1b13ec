import type { PlannedBuild } from '@convox-builds/manifest';
import type { Span } from '@convox-builds/runtime';

import type { Attempt } from '../attempt.js';
import type { BuildSessions } from './open-build-sessions.js';
import type { BuildOrigin } from './origin-labels.js';

/** One image to build, over a session that serves its files. */
export interface ImageToBuild {
  readonly attempt: Attempt;
  readonly image: PlannedBuild;
  /** Of the build, as it is known now. */
  readonly origin: BuildOrigin;
  readonly sessions: Pick<BuildSessions, 'of' | 'renew'>;
  readonly signal: AbortSignal;
  /** Of the making of this image. */
  readonly span: Span;
}
