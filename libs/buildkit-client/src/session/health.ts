import {
  HealthCheckRequest,
  HealthCheckResponse,
  HealthCheckResponse_ServingStatus,
} from '../generated/grpc/health/v1/health.js';
import type { Attachable } from './attachable.js';
import { unary } from './unary.js';

/** Answers buildkitd's health checks, every five seconds; without them it gives the session up. */
export function health(): Attachable {
  const types = { request: HealthCheckRequest, response: HealthCheckResponse };
  return {
    methods: {
      '/grpc.health.v1.Health/Check': unary(types, () => ({ status: HealthCheckResponse_ServingStatus.SERVING })),
    },
  };
}
