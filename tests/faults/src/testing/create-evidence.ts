import { type BuildRecord, NO_OPTIONS } from '@convox-builds/store';

import type { AcceptedBuild } from '../bench/bench.js';
import type { BuildEvidence } from '../checker/violation.js';

const ID = 'BAAAAAAAAAA';
const NOW = new Date(0);

/** What a build of a test has that others have not. */
export interface BuildOfTest {
  readonly record?: Partial<BuildRecord> | undefined;
  readonly accepted?: Partial<AcceptedBuild>;
  readonly log?: string;
}

const RECORD: BuildRecord = {
  id: ID,
  app: 'faults',
  state: 'complete',
  lane: 'interactive',
  traceparent: '',
  attempt: 1,
  retries: 0,
  notBefore: NOW,
  description: '',
  gitSha: '',
  gitBranch: '',
  gitAuthor: '',
  gitSubject: '',
  source: '',
  options: NO_OPTIONS,
  manifest: '',
  entrypoint: '',
  images: {},
  releaseId: 'RAAAAAAAAAA',
  logs: '',
  failureClass: '',
  reason: '',
  worker: '',
  leaseExpiresAt: null,
  createdAt: NOW,
  startedAt: NOW,
  endedAt: NOW,
};

/** What is known of one build; as it should be, but for what is given. */
export function createEvidence({ record = {}, accepted = {}, log = '' }: BuildOfTest): BuildEvidence {
  const streams = [{ text: log, isWhole: true }];
  return {
    accepted: [{ id: ID, lines: 2, isCancelled: () => false, streams, ...accepted }],
    builds: [{ ...RECORD, ...record }],
    logs: new Map([[ID, log]]),
  };
}
