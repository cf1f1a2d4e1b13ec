import type { Logger } from '../create-logger.js';
import type { EnvironmentSource } from '../read-environment.js';
import { isTracingConfigured } from './is-tracing-configured.js';
import { NO_TRACER, type Tracer } from './tracer.js';

/** Options of {@link createTracer}. */
export interface TracerOptions {
  /** What the process is called where `OTEL_SERVICE_NAME` does not say it, e.g. `convox-builds-api`. */
  readonly serviceName: string;
  readonly logger: Logger;
}

/**
 * Makes the tracer of a process. It reports over OTLP/HTTP when the standard variables name a collector
 * (`OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`); otherwise it does nothing, and OpenTelemetry is
 * not even loaded. A collector that is away keeps nobody waiting; what cannot be delivered is dropped.
 *
 * @param source where to read whether it is configured, the environment of this process by default; what else the SDK
 *   takes from the environment it reads from that of the process
 * @throws {EnvironmentError} when a variable cannot be used
 */
export async function createTracer(options: TracerOptions, source: EnvironmentSource = process.env): Promise<Tracer> {
  if (!isTracingConfigured(source)) return NO_TRACER;
  const { createOpenTelemetryTracer } = await import('./open-telemetry-tracer.js');
  return createOpenTelemetryTracer(options);
}
