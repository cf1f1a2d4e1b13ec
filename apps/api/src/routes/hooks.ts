import type { ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerOk } from '../http/answer.js';
import { pathParameter } from '../http/path-parameter.js';
import { createBodyBudget } from '../workflows/body-budget.js';
import { receiveWebhook } from '../workflows/receive-webhook.js';

/** Of all webhooks that come in at once. */
const MAX_BYTES_AT_ONCE = 100 * 1024 * 1024;

/** Where webhooks of repositories come in: forges have no password of the rack, and sign instead. */
export function addHookRoutes(router: ApiRouter, parts: ApiParts): void {
  const budget = createBodyBudget({ maxBytes: MAX_BYTES_AT_ONCE });

  router.post('/hooks/:hook', async (ctx) => {
    await receiveWebhook(parts, ctx, { id: pathParameter(ctx, 'hook'), budget });
    answerOk(ctx);
    ctx.status = 202;
  });
}
