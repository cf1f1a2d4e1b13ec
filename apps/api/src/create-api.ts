import { createServer, type Server } from 'node:http';

import Koa from 'koa';

import type { ApiContext, ApiState } from './api-context.js';
import type { ApiParts } from './api-parts.js';
import { closeServer } from './close-server.js';
import { createPublicRouter, createRouter } from './create-routers.js';
import { answerErrors } from './http/answer-errors.js';
import { answerUnknownRoute } from './http/answer-unknown-route.js';
import { authenticate } from './http/authenticate.js';
import { closeUnreadBody } from './http/close-unread-body.js';
import { describeRequest } from './http/describe-request.js';
import { measureRequests } from './http/measure-requests.js';
import { traceRequests } from './http/trace-requests.js';
import { attachLogSockets } from './log-stream/attach-log-sockets.js';
import { createLogAnswers, type LogAnswers } from './log-stream/log-answers.js';

const HEADERS_WITHIN_MS = 30_000;
/** Longer than the idle time of usual load balancers, so that it is they who end a connection. */
const KEEP_ALIVE_MS = 75_000;
const FINISH_WITHIN_MS = 3000;

/** Makes the Koa app: what every request passes, from the outside in. */
function createKoaApp(parts: ApiParts, logAnswers: LogAnswers): Koa<ApiState> {
  const { logger, metrics, tracer, settings } = parts;
  const koaApp = new Koa<ApiState>();
  koaApp.on('error', (error: unknown, ctx?: ApiContext) =>
    logger.debug({ err: error, requestId: ctx?.state.requestId }, 'A client broke off'),
  );
  koaApp.use(measureRequests(metrics));
  koaApp.use(traceRequests(tracer));
  koaApp.use(describeRequest(logger));
  koaApp.use(closeUnreadBody());
  koaApp.use(answerErrors(logger));
  koaApp.use(answerUnknownRoute());
  koaApp.use(createPublicRouter(parts).routes());
  koaApp.use(async (ctx, next) => {
    ctx.state.caller = authenticate(ctx, settings);
    await next();
  });
  koaApp.use(createRouter(parts, logAnswers).routes());
  return koaApp;
}

/** The api as a server. */
export interface Api {
  /** Not listening yet. */
  readonly server: Server;
  /** Breaks the log streams off and gives requests a few seconds to end. */
  readonly close: () => Promise<void>;
}

/** Makes the api from its parts. */
export function createApi(parts: ApiParts): Api {
  const logAnswers = createLogAnswers();
  const answer = createKoaApp(parts, logAnswers).callback();
  // Large uploads take long: their pace is watched instead of their time.
  const limits = { requestTimeout: 0, headersTimeout: HEADERS_WITHIN_MS, keepAliveTimeout: KEEP_ALIVE_MS };
  const server = createServer(limits, (request, response) => void answer(request, response));
  const logSockets = attachLogSockets(server, parts);
  const close = async () => {
    logSockets.close();
    const closed = closeServer(server, { forceAfterMs: FINISH_WITHIN_MS });
    // Their readers take them up again elsewhere.
    await logAnswers.close();
    await closed;
  };
  return { server, close };
}
