import { RACK_VERSION, type WireSystem } from '@convox-builds/api-contract';

import type { ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';

/** What anybody may ask. */
export function addPublicRoutes(router: ApiRouter): void {
  router.get('/check', (ctx) => answerOk(ctx));
}

/** The rack itself. */
export function addSystemRoutes(router: ApiRouter, { settings }: ApiParts): void {
  const system: WireSystem = {
    count: 1,
    domain: '',
    name: settings.rackName,
    outputs: {},
    parameters: {},
    provider: 'builds',
    'rack-domain': '',
    'router-internal': '',
    region: '',
    status: 'running',
    type: '',
    version: RACK_VERSION,
  };

  router.get('/auth', (ctx) => answerOk(ctx));

  router.get('/system', (ctx) => answerJson(ctx, system));

  // Clients report the end of external builds here; the build's own record says the same.
  router.post('/events', (ctx) => answerOk(ctx));
}
