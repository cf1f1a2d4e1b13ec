import { formatTime, type WireRelease } from '@convox-builds/api-contract';
import type { ReleaseRecord } from '@convox-builds/store';

import type { Caller } from '../http/authenticate.js';

const hideValues = (environment: string) => environment.replace(/^([^=\n]*)=.*$/gm, '$1=****');

/** A release for the wire. The values of its environment are for those who may write. */
export function presentRelease(release: ReleaseRecord, { role }: Pick<Caller, 'role'>): WireRelease {
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

/** A release in a list, which nobody reads for its secrets: values are hidden from everyone. */
export const presentListedRelease = (release: ReleaseRecord): WireRelease => presentRelease(release, { role: 'r' });
