import { createForgeSchema } from '@convox-builds/api-contract';
import { defaultApiUrl } from '@convox-builds/forge';
import { forgePlace } from '@convox-builds/store';

import type { ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';
import { notFound } from '../http/http-error.js';
import { readInput } from '../http/read-input.js';
import { presentForge } from '../presenters/present-forge.js';
import { assertOutward } from './assert-outward.js';
import { gitServerParameter } from './git-server-parameter.js';

/** The forges that are told of the builds of their repositories: list, add, remove. */
export function addForgeRoutes(router: ApiRouter, parts: ApiParts): void {
  const { store, settings } = parts;

  router.get('/forges', async (ctx) => answerJson(ctx, (await store.forges.list()).map(presentForge)));

  router.post('/forges', async (ctx) => {
    const { kind, host, token, 'api-url': given } = await readInput(ctx, createForgeSchema);
    const apiUrl = given ?? defaultApiUrl(kind, host);
    assertOutward('api-url', apiUrl, parts);
    const sealedToken = settings.secretBox.seal(token, forgePlace(host));
    const saved = await store.forges.save({ host, kind, apiUrl, sealedToken });
    answerJson(ctx, presentForge({ ...saved, problem: '' }));
  });

  router.delete('/forges/:host', async (ctx) => {
    const host = gitServerParameter(ctx, 'forge');
    if (!(await store.forges.delete(host))) throw notFound('forge', host);
    answerOk(ctx);
  });
}
