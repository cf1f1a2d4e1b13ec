import { pinGitHostSchema } from '@convox-builds/api-contract';
import { parseHostKeys } from '@convox-builds/domain';

import type { ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';
import { notFound } from '../http/http-error.js';
import { readInput } from '../http/read-input.js';
import { presentGitHost, presentShippedHosts } from '../presenters/present-git.js';
import { gitServerParameter } from './git-server-parameter.js';

/** The ssh servers that the rack believes: list, pin, forget. */
export function addGitHostRoutes(router: ApiRouter, { store }: ApiParts): void {
  router.get('/git-hosts', async (ctx) => {
    const pinned = await store.gitHosts.list();
    answerJson(ctx, [...pinned.map(presentGitHost), ...presentShippedHosts(pinned)]);
  });

  router.post('/git-hosts', async (ctx) => {
    const { host, keys } = await readInput(ctx, pinGitHostSchema);
    const pinned = parseHostKeys(keys);
    await store.gitHosts.pin(host, pinned);
    answerJson(
      ctx,
      pinned.map((key) => presentGitHost({ host, key })),
    );
  });

  router.delete('/git-hosts/:host', async (ctx) => {
    const host = gitServerParameter(ctx, 'git host');
    if (!(await store.gitHosts.forget(host))) throw notFound('git host', host);
    answerOk(ctx);
  });
}
