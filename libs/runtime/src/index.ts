export { answerWithin } from './answer-within.js';
export { createErrorLog } from './create-error-log.js';
export { createHealth, type Health, type HealthCheck, type HealthOptions, type HealthReport } from './create-health.js';
export { createLogger, type Logger, type LoggerOptions } from './create-logger.js';
export { createMaskedLogger } from './create-masked-logger.js';
export {
  type Counter,
  type CounterOptions,
  createMetrics,
  type Gauge,
  type Histogram,
  type HistogramOptions,
  type MetricOptions,
  type Metrics,
  type RenderedMetrics,
} from './create-metrics.js';
export { type Closer, createShutdown, type Shutdown, type ShutdownOptions } from './create-shutdown.js';
export { EnvironmentError, type EnvironmentIssue } from './environment-error.js';
export { exitWithParent } from './exit-with-parent.js';
export { maskCredentials } from './mask-credentials.js';
export { notifyParent } from './notify-parent.js';
export { type EnvironmentSource, readEnvironment } from './read-environment.js';
export { runProcess } from './run-process.js';
export { StartError } from './start-error.js';
export { type HealthServer, type HealthServerOptions, startHealthServer } from './start-health-server.js';
export { type Loop, startLoop } from './start-loop.js';
export { createTracer, type TracerOptions } from './tracing/create-tracer.js';
export {
  NO_TRACER,
  type Span,
  type SpanAttributes,
  type SpanEnd,
  type SpanOptions,
  type TraceOptions,
  type Tracer,
} from './tracing/tracer.js';
export { unlessAborted } from './unless-aborted.js';
