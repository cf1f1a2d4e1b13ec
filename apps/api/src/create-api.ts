import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';

import Router from '@koa/router';
import Koa from 'koa';

import type { ApiParts } from './api-parts.js';
import { answerOk } from './http/answer.js';
import { answerErrors } from './http/answer-errors.js';
import { authenticate } from './http/authenticate.js';
import { attachLogSockets } from './log-stream/attach-log-sockets.js';
import { addAppRoutes } from './routes/apps.js';
import { addBuildRoutes } from './routes/builds.js';
import { addObjectRoutes } from './routes/objects.js';
import { addReleaseRoutes } from './routes/releases.js';
import { addSystemRoutes } from './routes/system.js';

const HEADERS_TIMEOUT_MS = 30_000;

function createRouter(parts: ApiParts): Router {
  const router = new Router();
  addSystemRoutes(router, parts);
  addAppRoutes(router, parts);
  addObjectRoutes(router, parts);
  addBuildRoutes(router, parts);
  addReleaseRoutes(router, parts);
  return router;
}

/** Makes the api's HTTP server from its parts; it is not listening yet. */
export function createApi(parts: ApiParts): Server {
  const { logger, settings } = parts;
  const koaApp = new Koa();
  koaApp.on('error', (error: unknown) => logger.debug({ err: error }, 'A client broke off'));
  koaApp.use(async (ctx, next) => {
    ctx.set('Request-Id', randomBytes(6).toString('hex'));
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('X-Frame-Options', 'DENY');
    await next();
    // An unknown route has an empty body: clients take its text for that of a missing thing.
    if (ctx.status === 404 && ctx.body === undefined) ctx.body = '';
    if (ctx.body === '') ctx.status = 404;
  });
  koaApp.use(answerErrors(logger));
  koaApp.use(async (ctx, next) => {
    if (ctx.path === '/check') return answerOk(ctx);
    ctx.state.role = authenticate({ header: ctx.get('Authorization'), method: ctx.method }, settings);
    await next();
  });
  koaApp.use(createRouter(parts).routes());

  // Large uploads take long: their pace is watched instead of their time.
  const server = createServer({ requestTimeout: 0, headersTimeout: HEADERS_TIMEOUT_MS }, koaApp.callback());
  attachLogSockets(server, parts);
  return server;
}
