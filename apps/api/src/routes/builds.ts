import {
  createBuildSchema,
  idempotencyKeySchema,
  importImageSchema,
  listBuildsSchema,
  updateBuildSchema,
} from '@convox-builds/api-contract';

import type { ApiContext, ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { createBuild } from '../builds/create-build.js';
import { answerAccepted, answerJson, answerOk } from '../http/answer.js';
import { HttpError, notFound } from '../http/http-error.js';
import { readInput } from '../http/read-input.js';
import { presentBuild, presentBuildDetails } from '../presenters/present-build.js';
import { explainWait } from '../queue/explain-wait.js';
import { getApp } from './get-app.js';
import { getBuild } from './get-build.js';
import { importImage } from './import-image.js';
import { repositoryFor } from './repository-for.js';
import { updateExternalBuild } from './update-external-build.js';

function readIdempotencyKey(ctx: ApiContext): string | undefined {
  const key = ctx.get('Idempotency-Key');
  if (key === '') return undefined;
  const { data, error } = idempotencyKeySchema.safeParse(key);
  if (error !== undefined) throw new HttpError(400, `Idempotency-Key ${error.issues[0]?.message ?? ''}`);
  return data;
}

/** Builds: create, list, get, report, import an image, cancel. Their logs have routes of their own. */
export function addBuildRoutes(router: ApiRouter, parts: ApiParts): void {
  const { store, queue, dispatcher, logHub } = parts;

  router.post('/apps/:app/builds', async (ctx) => {
    const app = await getApp(parts, ctx);
    const input = await readInput(ctx, createBuildSchema);
    const build = await createBuild(parts, app.name, {
      input,
      key: readIdempotencyKey(ctx),
      traceparent: ctx.state.span.traceparent,
    });
    ctx.state.buildId = build.id;
    if (build.state === 'queued') dispatcher.startSoon(build.id);
    answerJson(ctx, { ...presentBuild(build), repository: repositoryFor(ctx, build, parts) });
  });

  router.get('/apps/:app/builds', async (ctx) => {
    const app = await getApp(parts, ctx);
    const filter = await readInput(ctx, listBuildsSchema);
    answerJson(ctx, (await store.builds.list(app.name, filter)).map(presentBuild));
  });

  router.get('/apps/:app/builds/:id', async (ctx) => {
    const build = await getBuild(parts, ctx);
    const attempts = await store.attempts.list(build.id);
    const caches = await store.layerCaches.list(build.id);
    const bases = await store.baseImages.list(build.id);
    const wait = build.state === 'queued' ? await store.queue.describeWait(build.id) : undefined;
    answerJson(ctx, presentBuildDetails(build, { attempts, caches, bases, wait: wait && explainWait(wait) }));
  });

  router.put('/apps/:app/builds/:id', async (ctx) => {
    const build = await getBuild(parts, ctx);
    const input = await readInput(ctx, updateBuildSchema);
    answerJson(ctx, presentBuild(await updateExternalBuild(parts, build, input)));
  });

  router.post('/apps/:app/builds/:id/image', async (ctx) => {
    const build = await getBuild(parts, ctx);
    await importImage(parts, build, await readInput(ctx, importImageSchema));
    dispatcher.startSoon(build.id);
    answerAccepted(ctx);
  });

  router.post('/apps/:app/builds/:id/cancel', async (ctx) => {
    const { app, id } = await getBuild(parts, ctx);
    const outcome = await store.builds.cancel(app, id, { actor: ctx.state.caller.name });
    if (outcome === 'missing') throw notFound('build', id);
    if (outcome === 'final') throw new HttpError(409, `build ${id} is not running`);
    await queue.announceCancel(id);
    logHub.wake(id);
    answerOk(ctx);
  });
}
