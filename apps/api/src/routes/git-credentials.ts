import { createHash } from 'node:crypto';

import { createGitCredentialSchema, removeGitCredentialSchema } from '@convox-builds/api-contract';
import { fingerprintOfPrivateKey } from '@convox-builds/domain';
import { gitCredentialPlace } from '@convox-builds/store';

import type { ApiContext, ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';
import { notFound } from '../http/http-error.js';
import { readInput } from '../http/read-input.js';
import { presentGitCredential } from '../presenters/present-git.js';
import { getApp } from './get-app.js';
import { gitServerParameter } from './git-server-parameter.js';

const FINGERPRINT_LENGTH = 8;

/** Too little of it to try passwords on, and enough to tell one token from another. */
const fingerprintOfToken = (token: string) =>
  createHash('sha256').update(token).digest('hex').slice(0, FINGERPRINT_LENGTH);

async function saveCredential({ store, settings }: ApiParts, ctx: ApiContext, app: string | undefined): Promise<void> {
  const { host, kind, username, secret } = await readInput(ctx, createGitCredentialSchema);
  const name = { app, host, kind };
  await store.gitCredentials.save({
    ...name,
    username: kind === 'token' ? username : '',
    fingerprint: kind === 'token' ? fingerprintOfToken(secret) : fingerprintOfPrivateKey(secret),
    sealed: settings.secretBox.seal(secret, gitCredentialPlace(name)),
  });
}

/** Credentials for git servers, of the rack and of each app: list, add, remove. */
export function addGitCredentialRoutes(router: ApiRouter, parts: ApiParts): void {
  const { store } = parts;
  const ofRack = async () => undefined;
  const ofApp = async (ctx: ApiContext & { readonly params: Readonly<Record<string, string>> }) =>
    (await getApp(parts, ctx)).name;

  for (const { path, findApp } of [
    { path: '/git-credentials', findApp: ofRack },
    { path: '/apps/:app/git-credentials', findApp: ofApp },
  ]) {
    router.get(path, async (ctx) => {
      answerJson(ctx, (await store.gitCredentials.list(await findApp(ctx))).map(presentGitCredential));
    });

    router.post(path, async (ctx) => {
      await saveCredential(parts, ctx, await findApp(ctx));
      answerOk(ctx);
    });

    router.delete(`${path}/:host`, async (ctx) => {
      const host = gitServerParameter(ctx, 'git credential');
      const { kind } = await readInput(ctx, removeGitCredentialSchema);
      const isRemoved = await store.gitCredentials.remove({ app: await findApp(ctx), host, kind });
      if (!isRemoved) throw notFound('git credential', host);
      answerOk(ctx);
    });
  }
}
