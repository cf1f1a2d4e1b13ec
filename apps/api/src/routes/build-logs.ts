import type { ApiContext, ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import type { LogAnswers } from '../log-stream/log-answers.js';
import { parseLogOffset } from '../log-stream/parse-log-offset.js';
import { serveLogEvents } from '../log-stream/serve-log-events.js';
import { serveLogText } from '../log-stream/serve-log-text.js';
import { getBuild } from './get-build.js';

function offsetOf(ctx: ApiContext): number {
  const query = new URLSearchParams(ctx.querystring).get('offset');
  // A client that connects again repeats its first URL, and tells in the header how far it got (HTML, section 9.2.4).
  return parseLogOffset(ctx.get('Last-Event-ID') || query);
}

/**
 * Logs of builds over plain HTTP: server-sent events for who accepts them, the text for everybody else. Convox clients
 * read logs over WebSockets.
 */
export function addBuildLogRoutes(router: ApiRouter, parts: ApiParts, answers: LogAnswers): void {
  router.get('/apps/:app/builds/:id/logs', async (ctx) => {
    const { app, id: buildId } = await getBuild(parts, ctx);
    const offset = offsetOf(ctx);
    const areEvents = ctx.accepts('text/plain', 'text/event-stream') === 'text/event-stream';
    const follow = new URLSearchParams(ctx.querystring).get('follow');
    const isFollowed = areEvents ? follow !== 'false' : follow === 'true';
    ctx.set('Vary', 'Accept');
    if (ctx.method === 'HEAD') {
      ctx.type = areEvents ? 'text/event-stream' : 'text/plain';
      ctx.status = 200;
      return;
    }
    ctx.respond = false;
    await answers.serve(ctx.res, (signal) => {
      const request = { app, buildId, offset, isFollowed, signal };
      return areEvents ? serveLogEvents(ctx.res, request, parts) : serveLogText(ctx.res, request, parts);
    });
  });
}
