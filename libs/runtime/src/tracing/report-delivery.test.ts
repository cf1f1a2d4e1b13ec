import { startTraceCollector } from '@convox-builds/testing';
import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import test from 'ava';

import { createLogger } from '../create-logger.js';
import { reportDelivery } from './report-delivery.js';

test('reportDelivery() tells once that traces are not taken, and once that they are again', async (t) => {
  const collector = await startTraceCollector();
  t.teardown(collector.stop);
  const lines: { level: number; msg: string }[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const exporter = reportDelivery(
    new OTLPTraceExporter({ url: `${collector.url}/v1/traces` }),
    createLogger({ name: 'test', destination }),
  );
  const processor = new BatchSpanProcessor(exporter);
  const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('test');
  t.teardown(() => processor.shutdown());

  async function deliver(): Promise<void> {
    tracer.startSpan('one').end();
    // What is not taken is told to the log, and makes the SDK reject.
    await processor.forceFlush().catch(() => {});
  }

  await deliver();
  t.deepEqual(lines, []);
  collector.answerWith(403);
  for (const _again of [1, 2, 3]) await deliver();
  t.is(collector.requests(), 4);
  t.like(lines, [{ level: 40, msg: 'Cannot deliver traces, dropping them until the collector takes them' }]);
  t.is(lines.length, 1);
  collector.answerWith(200);
  await deliver();
  await deliver();
  t.like(lines.at(-1), { level: 30, msg: 'Traces are delivered again' });
  t.is(lines.length, 2);
  t.is(collector.spans().length, 3);
});

test('reportDelivery() answers what the exporter answers', async (t) => {
  const collector = await startTraceCollector();
  t.teardown(collector.stop);
  collector.answerWith(400);
  const logger = createLogger({ name: 'test', level: 'silent' });
  const exporter = reportDelivery(new OTLPTraceExporter({ url: `${collector.url}/v1/traces` }), logger);
  const code = await new Promise((resolve) => exporter.export([], (result) => resolve(result.code)));
  t.is(code, ExportResultCode.FAILED);
  await exporter.shutdown();
});
