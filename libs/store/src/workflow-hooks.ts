import type { Knex } from 'knex';

import { NOW } from './claims.js';
import { hookFromRow } from './workflow-from-row.js';
import type { HookRecord } from './workflow-records.js';
import type { WorkflowHookRow } from './workflow-rows.js';

/** The places where webhooks of repositories come in. Workflows make them, see {@link WorkflowRepository}. */
export interface HookRepository {
  /** With the secrets that hold now: an old one holds for a day after it was replaced. */
  find(id: string): Promise<HookRecord | undefined>;
  /** Those of a repository, whoever its forge is. */
  listOf(repository: { host: string; repository: string }): Promise<HookRecord[]>;
  /** Gives a hook its first secret; `false`: it has one. */
  setSecret(id: string, sealedSecret: string): Promise<boolean>;
  /** Replaces the secret; the one before holds for another day. */
  rotateSecret(id: string, sealedSecret: string): Promise<void>;
}

const PREVIOUS_HOLDS = '24 hours';

/** Opens the hooks of a database. */
export function createHookRepository(knex: Knex): HookRepository {
  const current = () =>
    knex('workflow_hooks').select(
      '*',
      knex.raw(
        `CASE WHEN rotated_at > ${NOW} - interval '${PREVIOUS_HOLDS}' THEN previous_secret ELSE '' END AS previous_secret`,
      ),
    );
  const list = async (where: Partial<WorkflowHookRow>) =>
    ((await current().where(where)) as WorkflowHookRow[]).map(hookFromRow);
  return {
    find: async (id) => (await list({ id })).at(0),
    listOf: ({ host, repository }) => list({ host, repository }),
    setSecret: async (id, secret) => (await knex('workflow_hooks').where({ id, secret: '' }).update({ secret })) > 0,
    rotateSecret: async (id, secret) => {
      await knex('workflow_hooks')
        .where({ id })
        .update({ secret, previous_secret: knex.ref('secret'), rotated_at: knex.raw(NOW) });
    },
  };
}
