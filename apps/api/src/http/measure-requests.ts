import type { Middleware } from 'koa';

import type { ApiState } from '../api-context.js';
import type { ApiMetrics } from '../api-metrics.js';

/**
 * Measures every request. Its route is the pattern and never the path, which has names in it; what no route knows, or was
 * refused before, is one `unknown`. Methods are few: Node's parser refuses those that it does not know.
 */
export function measureRequests({ requestSeconds }: ApiMetrics): Middleware<ApiState> {
  return async (ctx, next) => {
    const startedAt = performance.now();
    await next();
    // Left there by the router; only paths are given to it.
    const pattern: unknown = ctx['_matchedRoute'];
    const labels = {
      method: ctx.method,
      route: typeof pattern === 'string' ? pattern : 'unknown',
      status_class: `${Math.trunc(ctx.status / 100)}xx`,
    };
    requestSeconds.observe(labels, (performance.now() - startedAt) / 1000);
  };
}
