import type { Middleware } from 'koa';

import type { ApiState } from '../api-context.js';
import type { ApiMetrics } from '../api-metrics.js';
import { matchedRoute } from './matched-route.js';

/**
 * Measures every request by its route; what no route knows, or was refused before, is one `unknown`. Methods are few:
 * Node's parser refuses those that it does not know.
 */
export function measureRequests({ requestSeconds }: ApiMetrics): Middleware<ApiState> {
  return async (ctx, next) => {
    const startedAt = performance.now();
    await next();
    const labels = {
      method: ctx.method,
      route: matchedRoute(ctx),
      status_class: `${Math.trunc(ctx.status / 100)}xx`,
    };
    requestSeconds.observe(labels, (performance.now() - startedAt) / 1000);
  };
}
