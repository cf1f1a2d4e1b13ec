import type { WireUsage } from '@convox-builds/api-contract';
import { measureImages } from '@convox-builds/registry';

import type { ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { getRegistry } from '../archives/rack-registry.js';
import { answerJson } from '../http/answer.js';
import { getApp } from './get-app.js';

const MEASURED_WITHIN_MS = 60_000;

/** What apps take. */
export function addUsageRoutes(router: ApiRouter, parts: ApiParts): void {
  router.get('/apps/:app/usage', async (ctx) => {
    const { name: app } = await getApp(parts, ctx);
    const { client, repositoryOf } = getRegistry(parts);
    const { builds, releases, logBytes, images } = await parts.store.retention.measure(app);
    const signal = AbortSignal.timeout(MEASURED_WITHIN_MS);
    const imageBytes = await measureImages(repositoryOf(app), images, client, { signal });
    const usage: WireUsage = {
      app,
      builds,
      releases,
      images: images.length,
      'image-bytes': imageBytes,
      'log-bytes': logBytes,
    };
    answerJson(ctx, usage);
  });
}
