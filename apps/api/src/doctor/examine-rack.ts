import type { WireFinding } from '@convox-builds/api-contract';
import { runChecks } from '@convox-builds/doctor';
import type { ListedWorker } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { rackChecks } from './rack-checks.js';

type Parts = Pick<ApiParts, 'settings' | 'store' | 'objects' | 'registry'>;

function describeWorker({ name: on, findings, silentMs, isSilent }: ListedWorker): WireFinding[] {
  if (!isSilent) return findings.map((finding) => ({ on, ...finding }));
  const message = `was not heard of for ${Math.round(silentMs / 1000)} s: see that it runs and reaches the database`;
  return [{ on, check: 'presence', status: 'warning', message }];
}

/** What workers have told of themselves; nothing without the database, which is a finding of the rack. */
async function describeWorkers({ store }: Parts): Promise<WireFinding[]> {
  return (await store.workers.list().catch(() => [])).flatMap(describeWorker);
}

/** Looks at what the rack needs, and at what its workers have found out about themselves. */
export async function examineRack(parts: Parts): Promise<WireFinding[]> {
  const [rack, workers] = await Promise.all([runChecks(rackChecks(parts)), describeWorkers(parts)]);
  return [...rack.map((finding) => ({ on: 'rack', ...finding })), ...workers];
}
