import { createOpenApi } from '@convox-builds/api-contract';

import type { ApiRouter } from '../api-context.js';
import { renderDocsPage } from '../docs-page/render-docs-page.js';
import { answerJson } from '../http/answer.js';

/** Nothing is loaded, sent or run: the page is text and its style. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

/** The description of the api, for programs and for people. It holds no secret, and who writes a client has no password yet. */
export function addDocsRoutes(router: ApiRouter): void {
  const document = createOpenApi();
  const page = renderDocsPage(document);

  router.get('/openapi.json', (ctx) => {
    // Editors of such documents are pages of other sites.
    ctx.set('Access-Control-Allow-Origin', '*');
    answerJson(ctx, document);
  });

  router.get('/docs', (ctx) => {
    ctx.set('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    ctx.type = 'html';
    ctx.body = page;
  });
}
