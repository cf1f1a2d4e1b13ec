import { formatTime, type WireBuild, type WireBuildDetails, type WireImportedBuild } from '@convox-builds/api-contract';
import { findGitSource, wireStatusFromState } from '@convox-builds/domain';
import type { AttemptRecord, BaseImage, BuildCacheRecord, BuildRecord } from '@convox-builds/store';

import type { WaitReport } from '../queue/explain-wait.js';
import { presentBuildCache } from './present-build-cache.js';

/** A build for the wire. Release and `complete` are written in one transaction: nobody sees one without the other. */
export function presentBuild(build: BuildRecord): Required<WireBuild> {
  return {
    id: build.id,
    app: build.app,
    description: build.description,
    'git-sha': build.gitSha,
    'git-branch': build.gitBranch,
    'git-url': findGitSource(build.source) ?? '',
    'git-author': build.gitAuthor,
    'git-subject': build.gitSubject,
    status: wireStatusFromState(build.state, build.attempt),
    state: build.state,
    // Lists are ordered and dated by it, also for builds that nobody has taken up yet.
    started: formatTime(build.startedAt ?? build.createdAt),
    ended: formatTime(build.endedAt),
    release: build.releaseId,
    manifest: build.manifest,
    logs: build.logs,
    entrypoint: build.entrypoint,
    process: build.worker,
    reason: build.reason,
    failure: build.failureClass,
    lane: build.lane,
    repository: '',
    images: { ...build.images },
  };
}

/** A build with all its attempts and base images, and how it stands in the queue if it does. */
export function presentBuildDetails(
  build: BuildRecord,
  {
    attempts,
    caches,
    bases,
    wait,
  }: {
    attempts: readonly AttemptRecord[];
    caches: readonly BuildCacheRecord[];
    bases: readonly BaseImage[];
    wait: WaitReport | undefined;
  },
): WireBuildDetails {
  return {
    ...presentBuild(build),
    attempts: attempts.map(({ failureClass, startedAt, endedAt, ...attempt }) => ({
      ...attempt,
      failure: failureClass,
      started: formatTime(startedAt),
      ended: formatTime(endedAt),
    })),
    caches: caches.map(presentBuildCache),
    bases: bases.map(({ reference, digest }) => ({ image: reference, digest })),
    ...(wait === undefined ? {} : { queue: presentWait(wait) }),
  };
}

/** A build that was just imported, with what was odd about its archive. */
export function presentImportedBuild({
  build,
  warnings,
}: {
  build: BuildRecord;
  warnings: readonly string[];
}): WireImportedBuild {
  return { ...presentBuild(build), warnings: [...warnings] };
}

function presentWait({ position, expectedMs, why }: WaitReport): WireBuildDetails['queue'] {
  return { position, why, ...(expectedMs === undefined ? {} : { expected: Math.round(expectedMs / 1000) }) };
}
