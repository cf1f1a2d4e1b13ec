import type { RunSettings } from './app-manifest.js';
import type { Report } from './grammar/reading.js';
import type { WrittenScale } from './grammar/scale-grammar.js';
import type { WrittenService } from './grammar/service-grammar.js';
import { errorAt } from './manifest-error.js';

const DEFAULT_CPU = 250;
const DEFAULT_MEMORY_MB = 512;

const DEPLOYMENT = { minimum: 50, maximum: 200 };
/** Of what never runs twice at a time. */
const DEPLOYMENT_ALONE = { minimum: 0, maximum: 100 };

/** What a service asks for, unless it has a GPU, and then nothing. A limit alone is what it asks for, too. */
function settleSize(scale: WrittenScale, what: 'cpu' | 'memory', fallback: number, report: Report): number {
  const limit = scale.limit?.[what] ?? 0;
  const asked = scale[what] ?? 0;
  const size = asked !== 0 || (scale.gpu ?? 0) > 0 ? asked : limit > 0 ? limit : fallback;
  if (scale.limit !== undefined && limit > 0 && limit < size)
    throw errorAt(report.placeOf(scale.limit, what), 'invalid', `${what} limit can not be less ${what} request`);
  return size;
}

/**
 * Gives a service what it does not say about how it runs.
 *
 * @throws {ManifestError} when it may have less than it asks for
 */
export function settleRun(service: WrittenService, report: Report): RunSettings {
  const { agent, singleton, deployment, port, init, drain, timeout, termination, scale = {} } = service;
  const fallback = agent || singleton ? DEPLOYMENT_ALONE : DEPLOYMENT;
  const { min, max = min } = scale;
  const bounds = min === undefined && max === undefined ? { min: 1, max: 1 } : { min: min ?? 1, max: max ?? 1 };
  return {
    port,
    scale: {
      count: scale.count ?? bounds,
      cpu: settleSize(scale, 'cpu', DEFAULT_CPU, report),
      memory: settleSize(scale, 'memory', DEFAULT_MEMORY_MB, report),
    },
    deployment: {
      minimum: deployment?.minimum ?? fallback.minimum,
      maximum: deployment?.maximum ?? fallback.maximum,
    },
    isInit: init,
    drainSeconds: drain || 30,
    timeoutSeconds: timeout,
    graceSeconds: termination?.grace ?? 30,
  };
}
