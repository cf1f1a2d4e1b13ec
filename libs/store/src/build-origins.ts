import type { Knex } from 'knex';

import type { BuildOriginRow } from './forge-rows.js';
import { recordFromRow } from './rows.js';

/** Where a build came from. */
export interface BuildOrigin {
  readonly buildId: string;
  readonly kind: BuildOriginRow['kind'];
  /** Of the forge, with the port unless it is the usual one: as in its https address for cloning. */
  readonly host: string;
  /** `owner/name` */
  readonly repository: string;
  readonly commit: string;
  /** `null` when it was a push. */
  readonly pullRequest: number | null;
  /** `null` when no workflow started it. */
  readonly workflowId: string | null;
}

/** Where the builds of a rack came from. */
export interface BuildOriginRepository {
  /**
   * Records where a build came from, once, soon after it was created: from then on its forge, if it is one of the rack's, is told
   * how the build stands. Recording it again changes nothing.
   */
  record(origin: BuildOrigin): Promise<void>;
  find(buildId: string): Promise<BuildOrigin | undefined>;
}

const originFromRow = ({ created_at: _at, ...columns }: BuildOriginRow): BuildOrigin => recordFromRow(columns);

/** Opens the origins of a database. */
export function createBuildOriginRepository(knex: Knex): BuildOriginRepository {
  return {
    record: async ({ buildId, kind, host, repository, commit, pullRequest, workflowId }) => {
      const place = { kind, host, repository, commit };
      const row = { build_id: buildId, ...place, pull_request: pullRequest, workflow_id: workflowId };
      await knex('build_origins').insert(row).onConflict('build_id').ignore();
    },
    find: async (buildId) => (await knex('build_origins').where({ build_id: buildId })).map(originFromRow).at(0),
  };
}
