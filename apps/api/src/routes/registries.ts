import { createRegistrySchema, type WireRegistry } from '@convox-builds/api-contract';
import { normaliseRegistryServer } from '@convox-builds/domain';

import type { ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';
import { notFound } from '../http/http-error.js';
import { pathParameter } from '../http/path-parameter.js';
import { readInput } from '../http/read-input.js';

/** Convox answers passwords; nobody needs them back. */
const presentRegistry = ({ server, username }: { server: string; username: string }): WireRegistry => ({
  server,
  username,
  password: '',
});

/** Registries that builds may read from: list, add, remove. */
export function addRegistriesRoutes(router: ApiRouter, { store, settings }: ApiParts): void {
  router.get('/registries', async (ctx) => answerJson(ctx, (await store.registries.list()).map(presentRegistry)));

  router.post('/registries', async (ctx) => {
    const { server: given, username, password } = await readInput(ctx, createRegistrySchema);
    const server = normaliseRegistryServer(given);
    const sealedPassword = settings.secretBox.seal(password, `registries/${server}`);
    await store.registries.save({ server, username, sealedPassword });
    answerJson(ctx, presentRegistry({ server, username }));
  });

  router.delete('/registries/*server', async (ctx) => {
    const server = pathParameter(ctx, 'server');
    const isName = !server.includes('\0');
    const isRemoved = isName && (await store.registries.delete(normaliseRegistryServer(server)));
    if (!isRemoved) throw notFound('registry', server);
    answerOk(ctx);
  });
}
