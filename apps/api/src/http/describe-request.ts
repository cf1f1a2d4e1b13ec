import type { Logger } from '@convox-builds/runtime';
import type { Middleware } from 'koa';

import type { ApiState } from '../api-context.js';
import { createRequestId } from './create-request-id.js';

/** Names each request, in its answer and in our log, and sets the headers that every answer has. */
export function describeRequest(logger: Logger): Middleware<ApiState> {
  return async (ctx, next) => {
    const requestId = createRequestId();
    const startedAt = performance.now();
    ctx.state.requestId = requestId;
    ctx.set({ 'Request-Id': requestId, 'X-Content-Type-Options': 'nosniff', 'X-Frame-Options': 'DENY' });
    await next();
    const { buildId, span } = ctx.state;
    const fields = {
      requestId,
      traceId: span.traceId,
      buildId,
      method: ctx.method,
      path: ctx.path,
      status: ctx.status,
    };
    const durationMs = Math.round(performance.now() - startedAt);
    // Clients poll: what only reads is not worth a line each second.
    if (ctx.method === 'GET' || ctx.method === 'HEAD') logger.debug({ ...fields, durationMs }, 'Answered');
    else logger.info({ ...fields, durationMs }, 'Answered');
  };
}
