import { createAppSchema, updateAppSchema } from '@convox-builds/api-contract';

import type { ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';
import { HttpError } from '../http/http-error.js';
import { readInput } from '../http/read-input.js';
import { presentApp } from '../presenters/present-app.js';
import { getApp } from './get-app.js';

/** More builds than can run at once. */
const RUNNING_AT_MOST = 1000;

async function deleteApp({ store, objects, queue }: ApiParts, name: string): Promise<void> {
  const running = await store.builds.list(name, { state: 'running', limit: RUNNING_AT_MOST });
  await store.apps.delete(name);
  // Without their rows they would find out at the next renewal of the lease.
  for (const { id } of running) await queue.announceCancel(id);
  await objects.deleteAll(`${name}/`);
}

/** Apps: list, create, get, change, delete, reset the cache. */
export function addAppRoutes(router: ApiRouter, parts: ApiParts): void {
  const { store } = parts;

  router.get('/apps', async (ctx) => {
    // First of all: an app is never shown as running with a release that it is only about to have.
    const updating = await store.promotions.listUpdatingApps();
    const apps = await store.apps.list();
    answerJson(
      ctx,
      apps.map((app) => presentApp(app, { isUpdating: updating.has(app.name) })),
    );
  });

  router.post('/apps', async (ctx) => {
    const input = await readInput(ctx, createAppSchema);
    const app = await store.apps.create(input);
    if (app === undefined) throw new HttpError(409, `app already exists: ${input.name}`);
    answerJson(ctx, presentApp(app, { isUpdating: false }));
  });

  router.get('/apps/:app', async (ctx) => {
    const updating = await store.promotions.listUpdatingApps();
    const app = await getApp(parts, ctx);
    answerJson(ctx, presentApp(app, { isUpdating: updating.has(app.name) }));
  });

  router.put('/apps/:app', async (ctx) => {
    const app = await getApp(parts, ctx);
    const { lock, parameters } = await readInput(ctx, updateAppSchema);
    await store.apps.update(app.name, {
      ...(lock === undefined ? {} : { locked: lock }),
      ...(parameters === undefined ? {} : { parameters }),
    });
    answerOk(ctx);
  });

  router.delete('/apps/:app', async (ctx) => {
    const app = await getApp(parts, ctx);
    if (app.locked) throw new HttpError(409, `app is locked: ${app.name}`);
    await deleteApp(parts, app.name);
    answerOk(ctx);
  });

  router.delete('/apps/:app/cache', async (ctx) => {
    const { name } = await getApp(parts, ctx);
    await store.apps.resetCache(name);
    answerOk(ctx);
  });

  // A promotion; builds have a route of their own.
  router.post('/apps/:app/cancel', async (ctx) => {
    const app = await getApp(parts, ctx);
    const isCancelled = await store.promotions.cancel(app.name, { actor: ctx.state.caller.name });
    if (!isCancelled) throw new HttpError(403, 'app is not updating');
    answerOk(ctx);
  });

  // Asked for while a release is promoted.
  router.get('/apps/:app/processes', async (ctx) => {
    await getApp(parts, ctx);
    answerJson(ctx, []);
  });
}
