import { configNameSchema, updateConfigSchema } from '@convox-builds/api-contract';

import type { ApiContext, ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerJson } from '../http/answer.js';
import { HttpError, notFound } from '../http/http-error.js';
import { pathParameter } from '../http/path-parameter.js';
import { readInput } from '../http/read-input.js';
import { getApp } from './get-app.js';

function readName(ctx: Pick<ApiContext, 'params'>): string {
  const { data, error } = configNameSchema.safeParse(pathParameter(ctx, 'name'));
  if (error !== undefined) throw new HttpError(400, `config name ${error.issues[0]?.message ?? ''}`);
  return data;
}

/** Values that clients keep with an app, such as `cli-env-mask`: list, get, set. */
export function addConfigRoutes(router: ApiRouter, parts: ApiParts): void {
  const { appConfigs } = parts.store;

  router.get('/apps/:app/configs', async (ctx) => {
    const app = await getApp(parts, ctx);
    answerJson(ctx, await appConfigs.list(app.name));
  });

  router.get('/apps/:app/configs/:name', async (ctx) => {
    const app = await getApp(parts, ctx);
    const name = readName(ctx);
    const value = await appConfigs.find(app.name, name);
    if (value === undefined) throw notFound('config', name);
    answerJson(ctx, { name, value });
  });

  router.put('/apps/:app/configs/:name', async (ctx) => {
    const app = await getApp(parts, ctx);
    const name = readName(ctx);
    const { value } = await readInput(ctx, updateConfigSchema);
    await appConfigs.save(app.name, name, value);
    answerJson(ctx, { name, value });
  });
}
