import { type Loop, startLoop } from '@convox-builds/runtime';
import type { Removal } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { runSteps } from '../run-steps.js';
import { pruneBuilds } from './prune-builds.js';
import { removeTarget } from './remove-target.js';
import { policyOf } from './retention-settings.js';

const EVERY_MS = 10_000;
const PRUNE_EVERY_MS = 3_600_000;
const APPS_AT_ONCE = 20;
const REMOVALS_AT_ONCE = 200;
const RETRY_AFTER_MS = 10_000;
const RETRY_AT_LEAST_EVERY_MS = 3_600_000;

type Parts = Pick<ApiParts, 'settings' | 'store' | 'objects' | 'registry' | 'logger' | 'metrics'>;

const retryAfterMs = (tries: number) => Math.min(RETRY_AFTER_MS * 2 ** tries, RETRY_AT_LEAST_EVERY_MS);

/** Every app is looked at once an hour, by one replica. */
async function pruneApps(parts: Parts, signal: AbortSignal): Promise<void> {
  const { store, settings } = parts;
  for (let count = 0; count < APPS_AT_ONCE && !signal.aborted; count += 1) {
    const [name] = await store.retention.takeApps({ everyMs: PRUNE_EVERY_MS, limit: 1 });
    if (name === undefined) return;
    const app = await store.apps.find(name);
    const policy = app && policyOf(app.parameters, settings.retention);
    if (policy !== undefined) await pruneBuilds(parts, { app: name, policy, signal });
  }
}

/** What cannot be removed now, because the registry is away, is not tried for all the others of its kind. */
async function removeSome(kind: Removal['kind'], parts: Parts, signal: AbortSignal): Promise<void> {
  const { store, metrics, logger } = parts;
  for (let count = 0; count < REMOVALS_AT_ONCE && !signal.aborted; count += 1) {
    const outcome = await store.removals.runNext(kind, (removal) => removeTarget(removal, parts), { retryAfterMs });
    if (outcome === undefined) return;
    metrics.removals.inc({ outcome: outcome.result });
    if (outcome.result !== 'failed') continue;
    const { app, target } = outcome.removal;
    logger.warn({ err: outcome.error, appName: app, kind, target }, 'Cannot remove what a deleted build had');
    return;
  }
}

async function removeLeftovers(parts: Parts, signal: AbortSignal): Promise<void> {
  for (const kind of ['object', 'image', 'repository'] as const) await removeSome(kind, parts, signal);
}

/** Deletes old builds where a policy says so, and removes what deleted builds had: once. Safe on any number of replicas. */
export async function keepHouse(parts: Parts, signal: AbortSignal): Promise<void> {
  await runSteps([pruneApps, removeLeftovers], parts, { failure: 'Cannot keep house', signal });
}

/** Keeps house every ten seconds until stopped. */
export function startRetention(parts: Parts): Loop {
  return startLoop((signal) => keepHouse(parts, signal), { everyMs: EVERY_MS });
}
