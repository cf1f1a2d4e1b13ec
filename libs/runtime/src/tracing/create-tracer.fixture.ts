import { createRequire } from 'node:module';

import { createLogger } from '../create-logger.js';
import { createTracer } from './create-tracer.js';

/**
 * A process that traces a request with a part, prints the `traceparent` of the request and how many files of OpenTelemetry
 * it has loaded, and closes. Its metrics load OpenTelemetry's API by themselves: that does not count.
 */
const logger = createLogger({ name: 'fixture' });
const tracer = await createTracer({ serviceName: 'fixture', logger });
const [parent = '', secret = ''] = process.argv.slice(2);
const mask = (text: string) => text.replaceAll(secret === '' ? '\0' : secret, '****');
const request = tracer.start('request', { kind: 'server', parent, mask, attributes: { count: 2, empty: undefined } });
await request
  .run(`part ${secret}`, async (span) => {
    span.set({ is_cached: true, text: `a ${secret} b`, address: 'https://ada:lovelace@example.org' });
    throw new Error(`failed with ${secret}`);
  })
  .catch(() => {});
request.rename('POST /');
request.end({ endedAt: new Date(Date.now() + 1000) });
request.end();
const startedAt = performance.now();
await tracer.close();
const loaded = Object.keys(createRequire(import.meta.url).cache).filter((path) =>
  /@opentelemetry\/(?!api\/)/.test(path),
);
const { traceId, traceparent } = request;
const closedAfterMs = performance.now() - startedAt;
process.stdout.write(`${JSON.stringify({ traceId, traceparent, loaded: loaded.length, closedAfterMs })}\n`, () =>
  process.exit(0),
);
