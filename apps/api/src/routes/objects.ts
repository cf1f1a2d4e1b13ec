import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';

import { listObjectsSchema } from '@convox-builds/api-contract';
import { formatObjectUrl } from '@convox-builds/domain';

import type { ApiContext, ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';
import { HttpError, notFound } from '../http/http-error.js';
import { pathParameter } from '../http/path-parameter.js';
import { readInput } from '../http/read-input.js';
import { receiveFile } from '../http/receive-file.js';
import { watchUploadPace } from '../http/upload-pace.js';
import { assertChangeable } from './assert-changeable.js';
import { getApp } from './get-app.js';

async function storeBody(ctx: ApiContext, key: string, { objects, settings, metrics }: ApiParts): Promise<void> {
  const { maxObjectBytes } = settings;
  const tooLarge = () => new HttpError(413, `object is larger than ${maxObjectBytes} bytes`);
  if (Number(ctx.get('Content-Length')) > maxObjectBytes) throw tooLarge();
  const store = async (content: Readable) => {
    const { size } = await objects.put(key, content, { maxBytes: maxObjectBytes });
    metrics.uploadedBytes.inc(size);
  };
  const remove = async () => void (await objects.delete(key));
  const pace = watchUploadPace(ctx.req);
  try {
    if (ctx.is('multipart/form-data')) await receiveFile(ctx, { store, remove });
    else await store(ctx.req);
  } catch (error) {
    throw error instanceof RangeError ? tooLarge() : error;
  } finally {
    pace.stop();
  }
}

/** Objects: files that clients leave with the rack, streamed in and out. */
export function addObjectRoutes(router: ApiRouter, parts: ApiParts): void {
  const { objects } = parts;
  const addressOf = async (ctx: { params: Record<string, string> }) => {
    const app = await getApp(parts, ctx);
    const key = pathParameter(ctx, 'key');
    return { app: app.name, key, path: `${app.name}/${key}` };
  };

  router.post(['/apps/:app/objects', '/apps/:app/objects/', '/apps/:app/objects/*key'], async (ctx) => {
    const app = await getApp(parts, ctx);
    const key = ctx.params.key ?? `tmp/${randomBytes(15).toString('hex')}`;
    await assertChangeable(parts, { app: app.name, key });
    await storeBody(ctx, `${app.name}/${key}`, parts);
    answerJson(ctx, { Url: formatObjectUrl({ app: app.name, key }) });
  });

  router.get('/apps/:app/objects', async (ctx) => {
    const app = await getApp(parts, ctx);
    const { prefix, limit } = await readInput(ctx, listObjectsSchema);
    const keys = await objects.list(`${app.name}/${prefix}`, { limit });
    answerJson(
      ctx,
      keys.map((key) => key.slice(app.name.length + 1)),
    );
  });

  router.head('/apps/:app/objects/*key', async (ctx) => {
    const { key, path } = await addressOf(ctx);
    const object = await objects.find(path);
    if (object === undefined) throw notFound('object', key);
    ctx.status = 200;
    ctx.type = 'application/octet-stream';
    ctx.length = object.size;
  });

  router.get('/apps/:app/objects/*key', async (ctx) => {
    const { key, path } = await addressOf(ctx);
    const object = await objects.get(path);
    if (object === undefined) throw notFound('object', key);
    // The answer has begun: that the rest is missing can only be told by breaking off.
    object.content.once('error', () => ctx.res.destroy());
    ctx.type = 'application/octet-stream';
    ctx.length = object.size;
    ctx.body = object.content;
  });

  router.delete('/apps/:app/objects/*key', async (ctx) => {
    const { app, key, path } = await addressOf(ctx);
    await assertChangeable(parts, { app, key });
    if (!(await objects.delete(path))) throw notFound('object', key);
    answerOk(ctx);
  });
}
