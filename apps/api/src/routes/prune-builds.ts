import { pruneBuildsSchema } from '@convox-builds/api-contract';

import type { ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerJson } from '../http/answer.js';
import { readInput } from '../http/read-input.js';
import { presentBuild } from '../presenters/present-build.js';
import { listPrunable, pruneBuilds } from '../retention/prune-builds.js';
import { getApp } from './get-app.js';

/** Deleting old builds by hand. */
export function addPruneRoutes(router: ApiRouter, parts: ApiParts): void {
  router.post('/apps/:app/builds/prune', async (ctx) => {
    const { name } = await getApp(parts, ctx);
    const input = await readInput(ctx, pruneBuildsSchema);
    const { keepReleases } = parts.settings.retention;
    const policy = { keepBuilds: input.keep ?? 0, keepDays: input.days ?? 0, keepReleases };
    const prune = input['dry-run'] ? listPrunable : pruneBuilds;
    answerJson(ctx, (await prune(parts, { app: name, policy })).map(presentBuild));
  });
}
