import type { BuildArchive } from '@convox-builds/registry';

import type { ApiContext, ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { exportBuild } from '../archives/export-build.js';
import { importBuild } from '../archives/import-build.js';
import { answerJson } from '../http/answer.js';
import { HttpError } from '../http/http-error.js';
import { receiveStream } from '../http/receive-stream.js';
import { presentImportedBuild } from '../presenters/present-build.js';
import { getApp } from './get-app.js';
import { getBuild } from './get-build.js';

/** Where a download goes on that broke off (RFC 9110, section 14): only for the very same archive, and to its end. */
function readStart(ctx: ApiContext, { size, etag }: BuildArchive): number {
  const [, start] = /^bytes=(\d+)-$/.exec(ctx.get('Range')) ?? [];
  const condition = ctx.get('If-Range');
  if (start === undefined || (condition !== '' && condition !== etag)) return 0;
  if (Number(start) < size) return Number(start);
  ctx.set('Content-Range', `bytes */${size}`);
  throw new HttpError(416, `the archive has only ${size} bytes`);
}

function answerArchive(ctx: ApiContext, archive: BuildArchive): void {
  const { size, etag } = archive;
  const from = readStart(ctx, archive);
  if (from > 0) {
    ctx.status = 206;
    ctx.set('Content-Range', `bytes ${from}-${size - 1}/${size}`);
  }
  ctx.set({ ETag: etag, 'Accept-Ranges': 'bytes' });
  ctx.type = 'application/gzip';
  ctx.length = size - from;
  if (ctx.method === 'HEAD') return;
  const gone = new AbortController();
  ctx.res.once('close', () => gone.abort());
  const content = archive.open({ from, signal: gone.signal });
  // The answer has begun: that the rest cannot be had can only be told by breaking off.
  content.once('error', () => ctx.res.destroy());
  ctx.body = content;
}

/** Builds that move between racks: out of this one as an archive, and into it. */
export function addBuildArchiveRoutes(router: ApiRouter, parts: ApiParts): void {
  router.get('/apps/:app/builds/:id.tgz', async (ctx) => {
    answerArchive(ctx, await exportBuild(parts, await getBuild(parts, ctx)));
  });

  router.post('/apps/:app/builds/import', async (ctx) => {
    const { name } = await getApp(parts, ctx);
    const outcome = await receiveStream(ctx, (content) => importBuild(parts, name, content));
    ctx.state.buildId = outcome.build.id;
    answerJson(ctx, presentImportedBuild(outcome));
  });
}
