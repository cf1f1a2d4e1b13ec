import { createEventSchema, RACK_VERSION, type WireCapacity, type WireSystem } from '@convox-builds/api-contract';

import type { ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';
import { HttpError } from '../http/http-error.js';
import { readInput } from '../http/read-input.js';

/** What anybody may ask. */
export function addPublicRoutes(router: ApiRouter): void {
  router.get('/check', (ctx) => answerOk(ctx));
}

const NO_CAPACITY: WireCapacity = {
  'cluster-cpu': 0,
  'cluster-gpu': 0,
  'cluster-memory': 0,
  'process-count': 0,
  'process-cpu': 0,
  'process-gpu': 0,
  'process-memory': 0,
};

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
  router.post('/events', async (ctx) => {
    await readInput(ctx, createEventSchema);
    answerOk(ctx);
  });

  router.put('/system', () => {
    throw new HttpError(501, 'the rack is changed where it is installed, not over its API');
  });

  // A rack that only builds runs nothing else.
  for (const what of ['releases', 'processes', 'metrics']) {
    router.get(`/system/${what}`, (ctx) => answerJson(ctx, []));
  }

  router.get('/system/capacity', (ctx) => answerJson(ctx, NO_CAPACITY));
}
