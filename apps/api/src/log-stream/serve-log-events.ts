import type { ServerResponse } from 'node:http';

import type { ApiParts } from '../api-parts.js';
import { explainLogError } from './explain-log-error.js';
import { formatEvent, LogEvents } from './format-log-events.js';
import { type LogRequest, streamBuildLog } from './stream-build-log.js';
import { writePatiently } from './write-patiently.js';

/** Proxies end connections on which nothing is heard. */
const KEEP_ALIVE_EVERY_MS = 15_000;

async function findState({ store }: ApiParts, { app, buildId }: LogRequest): Promise<string> {
  return (await store.builds.find(app, buildId))?.state ?? '';
}

async function writeEvents(response: ServerResponse, request: LogRequest, parts: ApiParts): Promise<void> {
  const events = new LogEvents(request.offset);
  for await (const bytes of streamBuildLog(parts, request)) await writePatiently(response, events.push(bytes));
  await writePatiently(response, events.end());
  if (request.signal.aborted) return;
  const state = await findState(parts, request);
  await writePatiently(response, formatEvent({ id: events.offset, event: 'end', data: JSON.stringify({ state }) }));
}

/**
 * Serves a build's log as server-sent events (HTML, section 9.2): see {@link LogEvents}; at the end `end` with the
 * build's state. A stream that fails says so in an event `error` and is broken off.
 */
export async function serveLogEvents(response: ServerResponse, request: LogRequest, parts: ApiParts): Promise<void> {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // Proxies of the nginx kind would gather the events.
    'X-Accel-Buffering': 'no',
    'Log-Offset': request.offset,
  });
  response.flushHeaders();
  const keepAlive = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': \n\n');
  }, KEEP_ALIVE_EVERY_MS);
  try {
    await writeEvents(response, request, parts);
    response.end();
  } catch (error) {
    if (request.signal.aborted) return;
    const message = explainLogError(error, request.buildId, parts);
    response.write(formatEvent({ event: 'error', data: JSON.stringify({ error: message }) }), () => response.destroy());
  } finally {
    clearInterval(keepAlive);
  }
}
