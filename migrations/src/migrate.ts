import type { Knex } from 'knex';

import * as initial from './0001-initial.js';
import * as exactOrder from './0002-exact-order.js';
import * as attemptsAndAdmission from './0003-attempts-and-admission.js';
import * as branches from './0004-branches.js';
import * as noEdits from './0005-no-edits.js';
import * as traces from './0006-traces.js';
import * as gitSources from './0007-git-sources.js';
import * as registriesAndConfigs from './0008-registries-and-configs.js';
import * as promotionsAndWebhooks from './0009-promotions-and-webhooks.js';
import * as imageImports from './0010-image-imports.js';
import * as polledRepositories from './0011-polled-repositories.js';
import * as logParts from './0012-log-parts.js';
import * as workflows from './0013-workflows.js';
import * as forges from './0014-forges.js';
import * as layerCaches from './0017-layer-caches.js';
import * as retention from './0018-retention.js';
import * as releasesOfCompleteBuilds from './0019-releases-of-complete-builds.js';
import * as repositories from './0020-repositories.js';
import * as baseImages from './0021-base-images.js';
import * as reviewApps from './0023-review-apps.js';
import * as promotionsTold from './0024-promotions-told.js';
import * as longHistories from './0025-long-histories.js';
import * as untaggedBuilds from './0027-untagged-builds.js';

interface Migration {
  readonly name: string;
  readonly up: (knex: Knex) => Promise<void>;
}

/** Every step of the schema, in order. Steps are only ever added: a rack upgrades by running what it has not run. */
export const migrations: readonly Migration[] = [
  { name: '0001-initial', up: initial.up },
  { name: '0002-exact-order', up: exactOrder.up },
  { name: '0003-attempts-and-admission', up: attemptsAndAdmission.up },
  { name: '0004-branches', up: branches.up },
  { name: '0005-no-edits', up: noEdits.up },
  { name: '0006-traces', up: traces.up },
  { name: '0007-git-sources', up: gitSources.up },
  { name: '0008-registries-and-configs', up: registriesAndConfigs.up },
  { name: '0009-promotions-and-webhooks', up: promotionsAndWebhooks.up },
  { name: '0010-image-imports', up: imageImports.up },
  { name: '0011-polled-repositories', up: polledRepositories.up },
  { name: '0012-log-parts', up: logParts.up },
  { name: '0013-workflows', up: workflows.up },
  { name: '0014-forges', up: forges.up },
  { name: '0017-layer-caches', up: layerCaches.up },
  { name: '0018-retention', up: retention.up },
  { name: '0019-releases-of-complete-builds', up: releasesOfCompleteBuilds.up },
  { name: '0020-repositories', up: repositories.up },
  { name: '0021-base-images', up: baseImages.up },
  { name: '0023-review-apps', up: reviewApps.up },
  { name: '0024-promotions-told', up: promotionsTold.up },
  { name: '0025-long-histories', up: longHistories.up },
  { name: '0027-untagged-builds', up: untaggedBuilds.up },
];

/** Any number will do, as long as nobody else locks it. */
const MIGRATION_LOCK = 724_051_873;

/**
 * Brings the schema up to date, in one transaction: after a crash it is as it was before. Processes that start together
 * wait for each other.
 *
 * Knex's own migrator keeps its lock in a row, which a killed process leaves locked for ever.
 *
 * @returns the names of the steps that were run; empty when there was nothing to do
 */
export async function migrate(knex: Knex): Promise<string[]> {
  return knex.transaction(async (transaction) => {
    await transaction.raw('SELECT pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
    await transaction.raw(
      'CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const applied = new Set(await transaction('migrations').pluck<string[]>('name'));
    const due = migrations.filter(({ name }) => !applied.has(name));
    for (const { name, up } of due) {
      await up(transaction);
      await transaction('migrations').insert({ name });
    }
    return due.map(({ name }) => name);
  });
}
