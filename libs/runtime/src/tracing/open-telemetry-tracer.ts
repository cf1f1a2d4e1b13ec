import { DiagLogLevel, diag, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { parseTraceParent, setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

import { answerWithin } from '../answer-within.js';
import { maskCredentials } from '../mask-credentials.js';
import type { TracerOptions } from './create-tracer.js';
import { reportDelivery } from './report-delivery.js';
import { createSpanStarter } from './span-starter.js';
import type { Tracer } from './tracer.js';

/** A process that stops waits no longer for a collector. */
const CLOSE_WITHIN_MS = 2000;

const KINDS = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER };

/** The SDK tells of batches by the error handler, which `reportDelivery()` does better, and of settings by `diag`. */
function listenToSdk({ logger }: TracerOptions): void {
  setGlobalErrorHandler(() => {});
  const say = (message: string) => logger.warn({ detail: maskCredentials(message) }, 'OpenTelemetry warns');
  const ignore = () => {};
  diag.setLogger({ error: say, warn: ignore, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.ERROR);
}

/** Makes a tracer on OpenTelemetry's SDK, which reads the variables of the process. */
export function createOpenTelemetryTracer(options: TracerOptions): Tracer {
  listenToSdk(options);
  const ours = resourceFromAttributes({ 'service.name': options.serviceName });
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(ours)
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(reportDelivery(new OTLPTraceExporter(), options.logger))],
  });
  const tracer = provider.getTracer('convox-builds');
  return {
    start: (name, { parent = '', kind, mask = (text) => text, ...rest }) => {
      const parentContext = parseTraceParent(parent);
      const context =
        parentContext === null
          ? ROOT_CONTEXT
          : trace.setSpanContext(ROOT_CONTEXT, { ...parentContext, isRemote: true });
      const startSpan = createSpanStarter(tracer, (text) => maskCredentials(mask(text)));
      return startSpan(name, { ...rest, kind: KINDS[kind], context });
    },
    close: () => answerWithin(provider.shutdown(), CLOSE_WITHIN_MS).catch(() => {}),
  };
}
