import { presentTime, type WireApp, type WireBuild, type WireRelease } from '@convox-builds/api-contract';
import { wireStatusFromState } from '@convox-builds/domain';
import type { AppRecord, BuildRecord, ReleaseRecord } from '@convox-builds/store';

/** An app for the wire. */
export function presentApp(app: AppRecord): WireApp {
  return {
    generation: app.generation,
    locked: app.locked,
    name: app.name,
    parameters: { ...app.parameters },
    release: app.activeReleaseId,
    router: '',
    status: 'running',
  };
}

/** A build for the wire. The release is set in the same transaction as `complete`: nobody sees one without the other. */
export function presentBuild(build: BuildRecord): WireBuild {
  return {
    id: build.id,
    app: build.app,
    description: build.description,
    'git-sha': build.gitSha,
    status: wireStatusFromState(build.state, build.attempt),
    state: build.state,
    // Lists are ordered and dated by it, also for builds that nobody has taken up yet.
    started: presentTime(build.startedAt ?? build.createdAt),
    ended: presentTime(build.endedAt),
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

/** A release for the wire. Values of the environment are for those who may write. */
export function presentRelease(release: ReleaseRecord, { mayReveal }: { mayReveal: boolean }): WireRelease {
  const hidden = release.environment.replace(/^([^=\n]+)=.*$/gm, '$1=****');
  return {
    id: release.id,
    app: release.app,
    build: release.buildId,
    env: mayReveal ? release.environment : hidden,
    manifest: release.manifest,
    description: release.description,
    created: presentTime(release.createdAt),
  };
}
