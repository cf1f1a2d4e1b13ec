import type { ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerOk } from '../http/answer.js';
import { authenticateScraper } from '../http/authenticate-scraper.js';

/**
 * What the machinery around the api asks. Health needs no password, because kubelet and load balancers have none; it
 * names parts and says nothing of where they are.
 */
export function addHealthRoutes(router: ApiRouter, { health, metrics, settings }: ApiParts): void {
  router.get('/health/live', (ctx) => answerOk(ctx));

  router.get('/health/ready', async (ctx) => {
    const { isReady, text } = await health.report();
    ctx.status = isReady ? 200 : 503;
    ctx.body = text;
  });

  router.get('/metrics', async (ctx) => {
    authenticateScraper(ctx, settings);
    const { contentType, text } = await metrics.render();
    ctx.set('Content-Type', contentType);
    ctx.body = text;
  });
}
