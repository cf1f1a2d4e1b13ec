import type { ServerResponse } from 'node:http';

import type { ApiParts } from '../api-parts.js';
import { explainLogError } from './explain-log-error.js';
import { type LogRequest, streamBuildLog } from './stream-build-log.js';
import { writePatiently } from './write-patiently.js';

/** Serves a build's log as it is. A stream that fails is broken off: its end would say that this was all. */
export async function serveLogText(response: ServerResponse, request: LogRequest, parts: ApiParts): Promise<void> {
  response.writeHead(200, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'Log-Offset': request.offset,
  });
  response.flushHeaders();
  try {
    for await (const bytes of streamBuildLog(parts, request)) await writePatiently(response, bytes);
    response.end();
  } catch (error) {
    if (!request.signal.aborted) explainLogError(error, request.buildId, parts);
    response.destroy();
  }
}
