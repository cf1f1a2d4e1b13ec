import { formatTime, type WireRelease } from '@convox-builds/api-contract';
import type { ReleaseRecord } from '@convox-builds/store';

import type { Caller } from '../http/authenticate.js';

const hideValues = (environment: string) => environment.replace(/^([^=\n]*)=.*$/gm, '$1=****');

/** A release for the wire. The values of its environment are for those who may write. */
export function presentRelease(release: ReleaseRecord, { role }: Caller): WireRelease {
  return {
    id: release.id,
    app: release.app,
    build: release.buildId,
    env: role === 'r' ? hideValues(release.environment) : release.environment,
    manifest: release.manifest,
    description: release.description,
    created: formatTime(release.createdAt),
  };
}
