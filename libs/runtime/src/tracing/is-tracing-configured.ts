import { z } from 'zod';

import { type EnvironmentSource, readEnvironment } from '../read-environment.js';

const endpoint = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).optional();

/**
 * The variables that decide whether anything is traced (OpenTelemetry specification, "Environment variable specification").
 * The SDK reads these and the others by itself, but takes a bad address for none and then uses one of its own.
 */
const variablesSchema = z.object({
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_PROTOCOL: z.literal('http/protobuf', 'only http/protobuf is spoken').optional(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: z.literal('http/protobuf', 'only http/protobuf is spoken').optional(),
  OTEL_TRACES_EXPORTER: z.string().optional(),
  OTEL_SDK_DISABLED: z.string().optional(),
});

/**
 * Tells whether the environment names a collector, and does not turn traces off.
 *
 * @throws {EnvironmentError} when it does so with values that cannot be used
 */
export function isTracingConfigured(source: EnvironmentSource): boolean {
  const names = Object.keys(variablesSchema.shape);
  const variables = readEnvironment(variablesSchema, Object.fromEntries(names.map((name) => [name, source[name]])));
  if (variables.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || variables.OTEL_TRACES_EXPORTER === 'none') return false;
  return (variables.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? variables.OTEL_EXPORTER_OTLP_ENDPOINT) !== undefined;
}
