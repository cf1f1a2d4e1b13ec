import type { Context } from 'koa';

/** Answers a value as indented JSON with a final newline, as Convox does. */
export function answerJson(ctx: Context, value: object): void {
  ctx.type = 'application/json';
  ctx.body = `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Answers that it is going to be done. */
export function answerAccepted(ctx: Context): void {
  ctx.status = 202;
  ctx.body = '';
}

/** Answers that it was done. */
export function answerOk(ctx: Context): void {
  ctx.type = 'text/plain';
  ctx.body = 'ok\n';
}
