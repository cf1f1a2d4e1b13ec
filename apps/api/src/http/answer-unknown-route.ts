import type { Middleware } from 'koa';

import type { ApiState } from '../api-context.js';

/** Answers what no route has taken with 404 and an empty body: by that clients tell an old rack from a missing thing. */
export function answerUnknownRoute(): Middleware<ApiState> {
  return async (ctx, next) => {
    await next();
    if (ctx.status !== 404 || (ctx.body !== undefined && ctx.body !== null)) return;
    ctx.body = '';
    ctx.status = 404;
  };
}
