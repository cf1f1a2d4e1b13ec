import type { Logger } from '@convox-builds/runtime';
import type { Context, Middleware } from 'koa';

import { HttpError } from './http-error.js';

/** Existing clients use the text as a format string: a single percent sign would garble it. */
const escapePercent = (message: string) => message.replaceAll('%', '%%');

const oneLine = (message: string) => message.replace(/\s*\n\s*/g, '; ').trim();

function answer(ctx: Context, { status, message }: HttpError): void {
  const text = escapePercent(oneLine(message));
  ctx.status = status;
  if (status === 401) ctx.set('WWW-Authenticate', 'Basic realm="convox"');
  if (ctx.get('Accept').includes('application/json')) ctx.body = { error: text };
  else {
    ctx.type = 'text/plain';
    ctx.body = `${text}\n`;
  }
}

function httpErrorFrom(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof SyntaxError) return new HttpError(400, error.message, { cause: error });
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    return new HttpError(507, 'the rack has no space left for objects', { cause: error });
  }
  return new HttpError(500, 'the rack failed to answer; its log says more', { cause: error });
}

/** Turns what a route throws into an answer, and logs what was our fault. */
export function answerErrors(logger: Logger): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const httpError = httpErrorFrom(error);
      if (httpError.status >= 500) logger.error({ err: error, path: ctx.path, method: ctx.method }, 'Request failed');
      answer(ctx, httpError);
    }
  };
}
