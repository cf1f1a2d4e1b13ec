import {
  createReleaseSchema,
  listPromotionsSchema,
  listReleasesSchema,
  promoteReleaseSchema,
} from '@convox-builds/api-contract';
import { isBuildId, isReleaseId } from '@convox-builds/domain';
import type { ReleaseRecord } from '@convox-builds/store';

import type { ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';
import { HttpError, notFound } from '../http/http-error.js';
import { pathParameter } from '../http/path-parameter.js';
import { readInput } from '../http/read-input.js';
import { presentPromotion } from '../presenters/present-promotion.js';
import { presentListedRelease, presentRelease } from '../presenters/present-release.js';
import { promoteRelease, type ReleaseRefusal } from '../promotions/promote-release.js';
import { getApp } from './get-app.js';

async function getRelease(parts: ApiParts, app: string, id: string): Promise<ReleaseRecord> {
  const release = isReleaseId(id) ? await parts.store.releases.find(app, id) : undefined;
  if (release === undefined) throw notFound('release', id);
  return release;
}

async function assertBuildExists({ store }: ApiParts, app: string, id: string): Promise<void> {
  const build = isBuildId(id) ? await store.builds.find(app, id) : undefined;
  if (build === undefined) throw notFound('build', id);
}

const STATUSES: Readonly<Record<ReleaseRefusal['code'], number>> = {
  updating: 403,
  missing: 404,
  older: 400,
  'empty-manifest': 400,
  unfit: 400,
};

/** Releases: create, list, get, promote; and how promotions went. */
export function addReleaseRoutes(router: ApiRouter, parts: ApiParts): void {
  const { store } = parts;

  router.post('/apps/:app/releases', async (ctx) => {
    const app = await getApp(parts, ctx);
    const { build, env, description, 'parent-release': parent } = await readInput(ctx, createReleaseSchema);
    if (build !== undefined) await assertBuildExists(parts, app.name, build);
    if (parent !== undefined) await getRelease(parts, app.name, parent);
    const given = { buildId: build, environment: env, description, parentReleaseId: parent };
    const release = await store.releases.create({ app: app.name, ...given });
    if (release === undefined) throw notFound('release', parent ?? '');
    answerJson(ctx, presentRelease(release, ctx.state.caller));
  });

  router.get('/apps/:app/releases', async (ctx) => {
    const app = await getApp(parts, ctx);
    const { limit } = await readInput(ctx, listReleasesSchema);
    const releases = await store.releases.list(app.name, { limit });
    answerJson(ctx, releases.map(presentListedRelease));
  });

  router.get('/apps/:app/releases/:id', async (ctx) => {
    const app = await getApp(parts, ctx);
    const release = await getRelease(parts, app.name, pathParameter(ctx, 'id'));
    answerJson(ctx, presentRelease(release, ctx.state.caller));
  });

  router.post('/apps/:app/releases/:id/promote', async (ctx) => {
    const app = await getApp(parts, ctx);
    const release = await getRelease(parts, app.name, pathParameter(ctx, 'id'));
    const { force } = await readInput(ctx, promoteReleaseSchema);
    const refusal = await promoteRelease(parts, release, { actor: ctx.state.caller.name, isForced: force });
    if (refusal !== undefined) throw new HttpError(STATUSES[refusal.code], refusal.reason);
    answerOk(ctx);
  });

  router.get('/apps/:app/promotions', async (ctx) => {
    const app = await getApp(parts, ctx);
    const { limit } = await readInput(ctx, listPromotionsSchema);
    answerJson(ctx, (await store.promotions.list(app.name, { limit })).map(presentPromotion));
  });
}
