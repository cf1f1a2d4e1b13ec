import type { Logger } from '@convox-builds/runtime';
import { isDatabaseAway, ObjectStorageError } from '@convox-builds/store';
import type { Middleware } from 'koa';

import type { ApiContext, ApiState } from '../api-context.js';
import { HttpError } from './http-error.js';

const MAX_MESSAGE_LENGTH = 2000;

/** One line, and no single percent sign: existing clients print the text, and use it as a format string. */
function presentMessage(message: string): string {
  const line = message.replace(/\s*\n\s*/g, '; ').replace(/\p{Cc}/gu, ' ');
  return line.trim().slice(0, MAX_MESSAGE_LENGTH).replaceAll('%', '%%');
}

function httpErrorFrom(error: unknown, requestId: string): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof SyntaxError) return new HttpError(400, error.message, { cause: error });
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    return new HttpError(507, 'the rack has no space left', { cause: error });
  }
  if (error instanceof ObjectStorageError && error.code === 'unreachable') {
    return new HttpError(503, 'the rack cannot reach its object storage, try again in a moment', { cause: error });
  }
  if (isDatabaseAway(error)) {
    return new HttpError(503, 'the rack cannot reach its database, try again in a moment', { cause: error });
  }
  return new HttpError(500, `the rack failed to answer, its log says why (request ${requestId})`, { cause: error });
}

function answer(ctx: ApiContext, { status, message }: HttpError): void {
  const text = presentMessage(message);
  ctx.status = status;
  if (status === 401) ctx.set('WWW-Authenticate', 'Basic realm="convox"');
  if (ctx.get('Accept').includes('application/json')) {
    ctx.type = 'application/json';
    ctx.body = `${JSON.stringify({ error: text })}\n`;
    return;
  }
  ctx.type = 'text/plain';
  ctx.body = `${text}\n`;
}

/** Turns what a route throws into an answer, and logs what was our fault. */
export function answerErrors(logger: Logger): Middleware<ApiState> {
  return async (ctx, next) => {
    const { requestId } = ctx.state;
    try {
      await next();
    } catch (error) {
      const httpError = httpErrorFrom(error, requestId);
      const isGone = ctx.req.destroyed && !ctx.req.complete;
      if (isGone) logger.debug({ err: error, requestId }, 'A client broke off');
      // 501 is a plain answer: nothing has failed.
      else if (httpError.status >= 500 && httpError.status !== 501)
        logger.error({ err: error, requestId, path: ctx.path }, 'Request failed');
      answer(ctx, httpError);
    }
  };
}
