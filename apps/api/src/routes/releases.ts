import { createReleaseSchema, listSchema, promoteReleaseSchema } from '@convox-builds/api-contract';
import type Router from '@koa/router';

import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';
import { HttpError, notFound } from '../http/http-error.js';
import { pathParameter } from '../http/path-parameter.js';
import { readInput } from '../http/read-input.js';
import { presentRelease } from '../presenters/present.js';
import { getApp } from './find-app.js';

/** Releases: create, list, get, promote. */
export function addReleaseRoutes(router: Router, parts: ApiParts): void {
  const { store } = parts;

  router.post('/apps/:app/releases', async (ctx) => {
    const app = await getApp(parts, pathParameter(ctx, 'app'));
    const input = await readInput(ctx, createReleaseSchema);
    const { build: buildId, env: environment, description, 'parent-release': parentReleaseId } = input;
    const release = await store.releases.create({ app: app.name, buildId, environment, description, parentReleaseId });
    if (release === undefined)
      throw notFound('build or release', [buildId, parentReleaseId].filter(Boolean).join(', '));
    answerJson(ctx, presentRelease(release, { mayReveal: true }));
  });

  router.get('/apps/:app/releases', async (ctx) => {
    const app = await getApp(parts, pathParameter(ctx, 'app'));
    const { limit } = await readInput(ctx, listSchema);
    const mayReveal = ctx.state.role !== 'r';
    answerJson(
      ctx,
      (await store.releases.list(app.name, { limit })).map((release) => presentRelease(release, { mayReveal })),
    );
  });

  router.get('/apps/:app/releases/:id', async (ctx) => {
    const release = await store.releases.find(pathParameter(ctx, 'app'), pathParameter(ctx, 'id'));
    if (release === undefined) throw notFound('release', pathParameter(ctx, 'id'));
    answerJson(ctx, presentRelease(release, { mayReveal: ctx.state.role !== 'r' }));
  });

  router.post('/apps/:app/releases/:id/promote', async (ctx) => {
    const [app, id] = [pathParameter(ctx, 'app'), pathParameter(ctx, 'id')];
    const { force } = await readInput(ctx, promoteReleaseSchema);
    const outcome = await store.releases.promote(app, id, { isForced: force });
    if (outcome === 'missing') throw notFound('release', id);
    if (outcome === 'empty-manifest') throw new HttpError(400, 'can not promote a release with an empty manifest');
    if (outcome === 'older') throw new HttpError(400, 'can not promote an older release, try rollback');
    answerOk(ctx);
  });
}
