import { formatTime, type WireBuild } from '@convox-builds/api-contract';
import { wireStatusFromState } from '@convox-builds/domain';
import type { BuildRecord } from '@convox-builds/store';

/** A build for the wire. Release and `complete` are written in one transaction: nobody sees one without the other. */
export function presentBuild(build: BuildRecord): Required<WireBuild> {
  return {
    id: build.id,
    app: build.app,
    description: build.description,
    'git-sha': build.gitSha,
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
    repository: '',
    images: { ...build.images },
  };
}
