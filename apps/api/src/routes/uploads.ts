import { randomBytes } from 'node:crypto';

import { completeUploadSchema, signPartSchema } from '@convox-builds/api-contract';
import { formatObjectUrl, TRAILER_BYTES } from '@convox-builds/domain';
import { type DirectUpload, type DirectUploads, ObjectStorageError } from '@convox-builds/store';

import type { ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';
import { HttpError, notFound } from '../http/http-error.js';
import { pathParameter } from '../http/path-parameter.js';
import { readInput } from '../http/read-input.js';
import { getApp } from './get-app.js';

/** A name of ours, by which the object will be known, and the storage's own. */
const ID = /^([0-9a-f]{30})\.([\w-]{1,1400})$/;

const formatId = (name: string, id: string) => `${name}.${Buffer.from(id).toString('base64url')}`;

/** An upload that a path names: its key is always one of the app's, that we have chosen. */
interface NamedUpload {
  readonly storage: DirectUploads;
  readonly app: string;
  /** Below the app. */
  readonly key: string;
  readonly upload: DirectUpload;
}

const keyOf = (name: string) => `tmp/${name}.tgz`;

function explain(error: unknown, key: string): unknown {
  if (!(error instanceof ObjectStorageError)) return error;
  if (error.code === 'no-upload') return notFound('upload', key);
  return error.code === 'not-as-announced' ? new HttpError(409, error.message, { cause: error }) : error;
}

/** Uploads that go straight to the object storage, where it can be reached by clients. */
export function addUploadRoutes(router: ApiRouter, parts: ApiParts): void {
  const { objects, settings, metrics } = parts;

  const { uploads } = objects;

  async function getUpload(ctx: { readonly params: Record<string, string> }): Promise<NamedUpload> {
    const { name: app } = await getApp(parts, ctx);
    const given = pathParameter(ctx, 'upload');
    const [, name, id] = ID.exec(given) ?? [];
    if (uploads === undefined || name === undefined || id === undefined) throw notFound('upload', given.slice(0, 30));
    const key = keyOf(name);
    return {
      storage: uploads,
      app,
      key,
      upload: { key: `${app}/${key}`, id: Buffer.from(id, 'base64url').toString() },
    };
  }

  router.post('/apps/:app/uploads', async (ctx) => {
    const app = await getApp(parts, ctx);
    if (uploads === undefined)
      throw new HttpError(501, `the rack itself takes sources: POST /apps/${app.name}/objects`);
    const name = randomBytes(15).toString('hex');
    const { id } = await uploads.start(`${app.name}/${keyOf(name)}`);
    answerJson(ctx, {
      id: formatId(name, id),
      'part-bytes': uploads.partBytes,
      'max-bytes': settings.maxObjectBytes,
    });
  });

  router.post('/apps/:app/uploads/:upload/parts', async (ctx) => {
    const { storage, upload } = await getUpload(ctx);
    const { part: number, bytes, sha256 } = await readInput(ctx, signPartSchema);
    if ((number - 1) * storage.partBytes + bytes > settings.maxObjectBytes + TRAILER_BYTES)
      throw new HttpError(413, `object is larger than ${settings.maxObjectBytes} bytes`);
    const { url, headers, expiresAt } = await storage.signPart(upload, { number, bytes, sha256 });
    answerJson(ctx, { url, headers, expires: expiresAt.toISOString() });
  });

  router.post('/apps/:app/uploads/:upload/complete', async (ctx) => {
    const { storage, upload, app, key } = await getUpload(ctx);
    const { bytes: size, sha256 } = await readInput(ctx, completeUploadSchema);
    if (size > settings.maxObjectBytes)
      throw new HttpError(413, `object is larger than ${settings.maxObjectBytes} bytes`);
    await storage.complete(upload, { size, sha256 }).catch((error: unknown) => {
      throw explain(error, key);
    });
    metrics.uploadedBytes.inc(size);
    answerJson(ctx, { Url: formatObjectUrl({ app, key }) });
  });

  router.delete('/apps/:app/uploads/:upload', async (ctx) => {
    const { storage, upload } = await getUpload(ctx);
    await storage.abort(upload);
    answerOk(ctx);
  });
}
