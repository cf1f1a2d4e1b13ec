import type { WireFinding } from '@convox-builds/api-contract';

import type { ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { examineRack } from '../doctor/examine-rack.js';
import { answerJson } from '../http/answer.js';

/** What is wrong with the rack. It writes into the registry and the objects, so all who ask at once share one look. */
export function addDoctorRoutes(router: ApiRouter, parts: ApiParts): void {
  let running: Promise<WireFinding[]> | undefined;

  router.get('/system/doctor', async (ctx) => {
    running ??= examineRack(parts).finally(() => {
      running = undefined;
    });
    answerJson(ctx, await running);
  });
}
