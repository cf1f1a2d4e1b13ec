import { NO_TRACER, type Tracer } from '@convox-builds/runtime';
import type { Middleware } from 'koa';

import type { ApiState } from '../api-context.js';
import { matchedRoute } from './matched-route.js';

/**
 * Makes a span of each request that changes something, as a part of the trace that its client names. Clients poll: what
 * only reads would bury the rest.
 */
export function traceRequests(tracer: Tracer): Middleware<ApiState> {
  return async (ctx, next) => {
    const isReading = ctx.method === 'GET' || ctx.method === 'HEAD';
    const span = (isReading ? NO_TRACER : tracer).start(ctx.method, { kind: 'server', parent: ctx.get('traceparent') });
    ctx.state.span = span;
    await next();
    const route = matchedRoute(ctx);
    span.rename(`${ctx.method} ${route}`);
    span.set({
      'http.request.method': ctx.method,
      'http.route': route,
      'http.response.status_code': ctx.status,
      'convox.request': ctx.state.requestId,
      'convox.build': ctx.state.buildId,
    });
    span.end(ctx.status >= 500 ? { error: `answered ${ctx.status}` } : {});
  };
}
