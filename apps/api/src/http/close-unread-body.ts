import type { Middleware } from 'koa';

import type { ApiState } from '../api-context.js';

/** How long a client that was refused may go on sending, so that it reads the answer before its connection breaks. */
const LINGER_MS = 2000;

/**
 * Ends the connection of a request that was answered before its body was read, an upload that was refused for instance:
 * Node would read the rest of it, however long that is.
 */
export function closeUnreadBody(): Middleware<ApiState> {
  return async (ctx, next) => {
    await next();
    const { req, res } = ctx;
    // Node takes it away from a request whose connection is closed.
    const { socket } = req;
    const hasBody = 'transfer-encoding' in req.headers || Number(req.headers['content-length'] ?? '0') > 0;
    if (!hasBody || req.complete || req.readableEnded) return;
    ctx.set('Connection', 'close');
    res.once('finish', () => {
      if (req.complete) return;
      req.resume();
      const timer = setTimeout(() => socket.destroy(), LINGER_MS);
      req.once('close', () => clearTimeout(timer));
    });
  };
}
