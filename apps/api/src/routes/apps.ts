import { createAppSchema, updateAppSchema } from '@convox-builds/api-contract';
import type Router from '@koa/router';

import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';
import { HttpError, notFound } from '../http/http-error.js';
import { pathParameter } from '../http/path-parameter.js';
import { readInput } from '../http/read-input.js';
import { presentApp } from '../presenters/present.js';
import { getApp } from './find-app.js';

/** Apps: list, create, get, change, delete. */
export function addAppRoutes(router: Router, parts: ApiParts): void {
  const { store, objects } = parts;

  router.get('/apps', async (ctx) => answerJson(ctx, (await store.apps.list()).map(presentApp)));

  router.post('/apps', async (ctx) => {
    const input = await readInput(ctx, createAppSchema);
    const app = await store.apps.create(input);
    if (app === undefined) throw new HttpError(409, `app already exists: ${input.name}`);
    answerJson(ctx, presentApp(app));
  });

  router.get('/apps/:app', async (ctx) => answerJson(ctx, presentApp(await getApp(parts, pathParameter(ctx, 'app')))));

  router.put('/apps/:app', async (ctx) => {
    const { lock, parameters } = await readInput(ctx, updateAppSchema);
    const change = {
      ...(lock === undefined ? {} : { locked: lock }),
      ...(parameters === undefined ? {} : { parameters }),
    };
    const app = await store.apps.update(pathParameter(ctx, 'app'), change);
    if (app === undefined) throw notFound('app', pathParameter(ctx, 'app'));
    answerOk(ctx);
  });

  router.delete('/apps/:app', async (ctx) => {
    const app = await getApp(parts, pathParameter(ctx, 'app'));
    if (app.locked) throw new HttpError(409, `app is locked: ${app.name}`);
    await store.apps.delete(app.name);
    await objects.deleteAll(`${app.name}/`);
    answerOk(ctx);
  });

  // Convox deploys from here; a rack that only builds never has anything to cancel.
  router.post('/apps/:app/cancel', async (ctx) => {
    await getApp(parts, pathParameter(ctx, 'app'));
    throw new HttpError(403, 'app is not updating');
  });

  router.get('/apps/:app/processes', async (ctx) => {
    await getApp(parts, pathParameter(ctx, 'app'));
    answerJson(ctx, []);
  });
}
