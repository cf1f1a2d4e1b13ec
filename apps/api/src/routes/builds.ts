import { createBuildSchema, listSchema, parseBuildArguments, updateBuildSchema } from '@convox-builds/api-contract';
import { parseObjectUrl } from '@convox-builds/domain';
import type Router from '@koa/router';

import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';
import { HttpError, notFound } from '../http/http-error.js';
import { pathParameter } from '../http/path-parameter.js';
import { readInput } from '../http/read-input.js';
import { presentBuild } from '../presenters/present.js';
import { getApp } from './find-app.js';

/** The source has to be an object of this very app: one app's builds must not read another's. */
async function assertSource({ objects }: ApiParts, app: string, url: string): Promise<void> {
  if (/^(?:https?|ssh):|\.git(?:#|$)/.test(url)) throw new HttpError(400, 'building from a git URL is not supported');
  const source = parseObjectUrl(url);
  if (source.app !== app || (await objects.find(`${app}/${source.key}`)) === undefined) throw notFound('object', url);
}

async function createBuild(parts: ApiParts, app: string, input: ReturnType<typeof createBuildSchema.parse>) {
  const buildArgs = parseBuildArguments({ list: input['build-args'], json: input['build-args-json'] });
  if (!input.external) await assertSource(parts, app, input.url);
  return parts.store.builds.create({
    app,
    source: input.external ? '' : input.url,
    description: input.description,
    gitSha: input['git-sha'],
    options: {
      manifest: input.manifest,
      buildArgs,
      noCache: input['no-cache'],
      development: input.development,
      external: input.external,
      wildcardDomain: input['wildcard-domain'],
    },
  });
}

/** Builds: create, list, get, report, cancel. Their logs come over WebSockets. */
export function addBuildRoutes(router: Router, parts: ApiParts): void {
  const { store, queue, logHub } = parts;

  router.post('/apps/:app/builds', async (ctx) => {
    const app = await getApp(parts, pathParameter(ctx, 'app'));
    const build = await createBuild(parts, app.name, await readInput(ctx, createBuildSchema));
    // The row is what counts: when Redis is away the reconciler rings later.
    if (build.state === 'queued') await queue.ring({ buildId: build.id, attempt: build.attempt + 1 });
    answerJson(ctx, presentBuild(build));
  });

  router.get('/apps/:app/builds', async (ctx) => {
    const app = await getApp(parts, pathParameter(ctx, 'app'));
    const { limit } = await readInput(ctx, listSchema);
    answerJson(ctx, (await store.builds.list(app.name, { limit })).map(presentBuild));
  });

  router.get('/apps/:app/builds/:id', async (ctx) => {
    const build = await store.builds.find(pathParameter(ctx, 'app'), pathParameter(ctx, 'id'));
    if (build === undefined) throw notFound('build', pathParameter(ctx, 'id'));
    answerJson(ctx, presentBuild(build));
  });

  router.put('/apps/:app/builds/:id', async (ctx) => {
    const [app, id] = [pathParameter(ctx, 'app'), pathParameter(ctx, 'id')];
    const { status, release, started, ended, ...rest } = await readInput(ctx, updateBuildSchema);
    const change = { ...rest, state: status, releaseId: release, startedAt: started, endedAt: ended };
    const build = await store.builds.updateExternal(app, id, change);
    if (build === undefined) throw notFound('external build', id);
    answerJson(ctx, presentBuild(build));
  });

  router.post('/apps/:app/builds/:id/cancel', async (ctx) => {
    const [app, id] = [pathParameter(ctx, 'app'), pathParameter(ctx, 'id')];
    const actor = ctx.get('X-Convox-Actor').slice(0, 100) || 'unknown';
    const outcome = await store.builds.cancel(app, id, { actor });
    if (outcome === 'missing') throw notFound('build', id);
    if (outcome === 'final') throw new HttpError(409, `build ${id} is not running`);
    await queue.announceCancel(id);
    await store.logs.appendNote(id, `ERROR: cancelled by ${actor}`);
    logHub.wake(id);
    answerOk(ctx);
  });
}
