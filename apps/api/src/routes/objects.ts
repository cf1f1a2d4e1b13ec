import { randomBytes } from 'node:crypto';

import { formatObjectUrl } from '@convox-builds/domain';
import type Router from '@koa/router';
import type { Context } from 'koa';

import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';
import { HttpError, notFound } from '../http/http-error.js';
import { pathParameter } from '../http/path-parameter.js';
import { assertUploadPace } from '../http/upload-pace.js';
import { getApp } from './find-app.js';

async function storeBody(ctx: Context, key: string, { objects, settings }: ApiParts): Promise<void> {
  const { maxObjectBytes } = settings;
  const tooLarge = () => new HttpError(413, `object is larger than ${maxObjectBytes} bytes`);
  if (Number(ctx.get('Content-Length') || '0') > maxObjectBytes) throw tooLarge();
  const pace = assertUploadPace(ctx.req);
  try {
    await objects.put(key, ctx.req, { maxBytes: maxObjectBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw error;
  } finally {
    pace.stop();
  }
}

/** Objects: files that clients leave with the rack, streamed in and out. */
export function addObjectRoutes(router: Router, parts: ApiParts): void {
  const { objects } = parts;
  const keyOf = (ctx: { params: Record<string, string> }) => `${pathParameter(ctx, 'app')}/${ctx.params.key}`;

  router.post(['/apps/:app/objects', '/apps/:app/objects/', '/apps/:app/objects/*key'], async (ctx) => {
    const app = await getApp(parts, pathParameter(ctx, 'app'));
    const key = ctx.params.key ?? `tmp/${randomBytes(15).toString('hex')}`;
    await storeBody(ctx, `${app.name}/${key}`, parts);
    answerJson(ctx, { Url: formatObjectUrl({ app: app.name, key }) });
  });

  router.get('/apps/:app/objects/*key', async (ctx) => {
    const object = await objects.get(keyOf(ctx));
    if (object === undefined) throw notFound('object', ctx.params.key ?? '');
    ctx.type = 'application/octet-stream';
    ctx.length = object.size;
    if (ctx.method === 'HEAD') {
      object.content.destroy();
      ctx.status = 200;
    } else ctx.body = object.content;
  });

  router.delete('/apps/:app/objects/*key', async (ctx) => {
    if (!(await objects.delete(keyOf(ctx)))) throw notFound('object', ctx.params.key ?? '');
    answerOk(ctx);
  });
}
