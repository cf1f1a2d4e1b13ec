import { createPromotionId } from '@convox-builds/domain';
import type { Knex } from 'knex';

import { NOW } from './claims.js';
import { createPromotionRunRepository, type PromotionRunRepository } from './promotion-runs.js';
import type { PromotionRecord } from './records.js';
import { lockReleases } from './releases.js';
import { insertedRow, promotionFromRow } from './rows.js';

/** Who promotes what. */
export interface NewPromotion {
  readonly app: string;
  readonly releaseId: string;
  readonly actor: string;
  /** Also one that is older than the active release, and in place of a promotion that runs. */
  readonly isForced: boolean;
  /** The job that wants it: a job promotes once in each app. */
  readonly workflowJobId?: string;
  /** Nothing has to be run for it: it is over at once. */
  readonly isDone: boolean;
}

/** Why a release is not promoted: `older` than the active one, without a manifest, not there; another one is promoted. */
export type PromotionRefusal = 'older' | 'empty-manifest' | 'missing' | 'updating';

/** The promotions of a rack: at most one of each app runs. */
export interface PromotionRepository extends PromotionRunRepository {
  /** Records a promotion, or says why it is refused; the one that its job has made is answered again. One that a forced promotion takes the place of has failed. */
  create(promotion: NewPromotion): Promise<PromotionRecord | PromotionRefusal>;
  /** The newest promotion of a release that has the images of a build. */
  findOfBuild(buildId: string): Promise<PromotionRecord | undefined>;
  /** The newest promotions first. */
  list(app: string, options: { limit: number }): Promise<PromotionRecord[]>;
  /** The apps that have a promotion which has not ended. */
  listUpdatingApps(): Promise<ReadonlySet<string>>;
  /** Ends the app's promotion; `false` when there is none. */
  cancel(app: string, options: { actor: string }): Promise<boolean>;
}

const UNENDED = ['pending', 'running'] as const;

async function endUnended(knex: Knex, app: string, reason: string): Promise<boolean> {
  const ended = { state: 'failed', reason, ended_at: knex.raw(NOW), lease_expires_at: null } as const;
  return (await knex('promotions').where({ app }).whereIn('state', UNENDED).update(ended)) > 0;
}

async function findRefusal(knex: Knex, promotion: NewPromotion): Promise<PromotionRefusal | undefined> {
  const { app, releaseId, isForced } = promotion;
  const owner = await lockReleases(knex, app);
  const release = await knex('releases').where({ app, id: releaseId }).first();
  if (release === undefined || owner === undefined) return 'missing';
  if (release.manifest === '') return 'empty-manifest';
  if (isForced) return undefined;
  const running = await knex('promotions').where({ app }).whereIn('state', UNENDED).first('id');
  if (running !== undefined) return 'updating';
  const active = await knex('releases').where({ app, id: owner.active_release_id }).first();
  return active !== undefined && Number(release.ordinal) < Number(active.ordinal) ? 'older' : undefined;
}

async function createPromotion(knex: Knex, promotion: NewPromotion): Promise<PromotionRecord | PromotionRefusal> {
  const { app, releaseId, actor, isDone, workflowJobId = null } = promotion;
  const refusal = await findRefusal(knex, promotion);
  // Behind the lock of the app that is in it.
  const own = workflowJobId === null ? [] : await knex('promotions').where({ app, workflow_job_id: workflowJobId });
  if (own.length > 0) return promotionFromRow(insertedRow(own));
  if (refusal !== undefined) return refusal;
  await endUnended(knex, app, `superseded by the promotion of ${releaseId} by ${actor}`);
  const now = knex.raw(NOW);
  const columns = { id: createPromotionId(), app, release_id: releaseId, actor, workflow_job_id: workflowJobId };
  const rows = await knex('promotions')
    .insert(
      isDone ? { ...columns, state: 'succeeded', started_at: now, ended_at: now } : { ...columns, state: 'pending' },
    )
    .returning('*');
  if (isDone) await knex('apps').where({ name: app }).update({ active_release_id: releaseId });
  return promotionFromRow(insertedRow(rows));
}

/** Opens the promotions of a database. */
export function createPromotionRepository(knex: Knex): PromotionRepository {
  return {
    ...createPromotionRunRepository(knex),
    create: (promotion) => knex.transaction((transaction) => createPromotion(transaction, promotion)),
    findOfBuild: async (buildId) =>
      (
        await knex('promotions')
          .whereIn('release_id', knex('releases').where({ build_id: buildId }).select('id'))
          .orderBy('ordinal', 'desc')
          .limit(1)
      )
        .map(promotionFromRow)
        .at(0),
    list: async (app, { limit }) =>
      (await knex('promotions').where({ app }).orderBy('ordinal', 'desc').limit(limit)).map(promotionFromRow),
    listUpdatingApps: async () => {
      const rows = await knex('promotions').whereIn('state', UNENDED).select('app');
      return new Set(rows.map(({ app }) => app));
    },
    cancel: (app, { actor }) => endUnended(knex, app, `cancelled by ${actor}`),
  };
}
