import type { FailureClass } from '@convox-builds/domain';
import type { Counter, Gauge, Histogram, Metrics } from '@convox-builds/runtime';

/** What a worker counts and measures. */
export interface WorkerMetrics {
  readonly slots: Gauge;
  readonly running: Gauge;
  /** Seconds from a build's record to its first claim, on the database's clock. */
  readonly waitSeconds: Histogram;
  /** Seconds from a claim to its end. */
  readonly attemptSeconds: Histogram<'outcome'>;
  /** Attempts that ended. The class is `none` unless they failed. */
  readonly attempts: Counter<'outcome' | 'failure_class'>;
  /** Attempts that were given up because the database did not renew their lease in time. */
  readonly lapsedLeases: Counter;
  readonly buildkitdRestarts: Counter;
  /** Bytes of the cache that were deleted because the disk was full. */
  readonly cleanedBytes: Counter;
  /** Bytes of build logs: `stored`, or `dropped` by the limit of a log. */
  readonly logBytes: Counter<'result'>;
  /** Steps of Dockerfiles that BuildKit reported as done. */
  readonly steps: Counter<'result'>;
  /** Steps of images that were built, by where their layers came from. */
  readonly stepSources: Counter<'source'>;
  /** Exports of layer caches. */
  readonly cacheExports: Counter<'result'>;
  /** Waits for registries that limit pulls. */
  readonly pullLimitWaits: Counter;
}

/** Seconds to hours: a warm build takes the first, a cold one of a large app the last. */
const BUILD_SECONDS = [1, 2.5, 5, 10, 20, 40, 60, 120, 300, 600, 1200, 3600];
/** A build that finds a free worker is claimed at once. */
const WAIT_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

/** The classes of what a worker records; that one was lost is recorded by others. */
const FAILURE_CLASSES: readonly FailureClass[] = ['user', 'limits', 'timeout', 'platform', 'credentials'];

const ENDS = [
  ...['complete', 'released', 'lost'].map((outcome) => ({ outcome, failure_class: 'none' })),
  { outcome: 'retried', failure_class: 'platform' },
  ...FAILURE_CLASSES.map((failureClass) => ({ outcome: 'failed', failure_class: failureClass })),
];

/** Makes a worker's metrics. */
export function createWorkerMetrics(metrics: Metrics): WorkerMetrics {
  return {
    slots: metrics.gauge({ name: 'build_slots', help: 'Builds that this worker runs at most.' }),
    running: metrics.gauge({ name: 'running_builds', help: 'Builds that this worker runs.' }),
    waitSeconds: metrics.histogram({
      name: 'build_wait_seconds',
      help: 'Time from the record of a build to its first claim.',
      buckets: WAIT_SECONDS,
    }),
    attemptSeconds: metrics.histogram({
      name: 'attempt_duration_seconds',
      help: 'Time from the claim of a build to the end of that attempt.',
      labelNames: ['outcome'],
      buckets: BUILD_SECONDS,
    }),
    attempts: metrics.counter({
      name: 'attempts_total',
      help: 'Attempts that ended.',
      labelNames: ['outcome', 'failure_class'],
      series: ENDS,
    }),
    lapsedLeases: metrics.counter({ name: 'lapsed_leases_total', help: 'Leases that were not renewed in time.' }),
    buildkitdRestarts: metrics.counter({ name: 'buildkitd_restarts_total', help: 'Deaths of buildkitd.' }),
    cleanedBytes: metrics.counter({
      name: 'cleaned_bytes_total',
      help: 'Bytes of the cache that were deleted because the disk was full.',
    }),
    logBytes: metrics.counter({
      name: 'log_bytes_total',
      help: 'Bytes of build logs that were stored, or dropped by the limit.',
      labelNames: ['result'],
      series: [{ result: 'stored' }, { result: 'dropped' }],
    }),
    steps: metrics.counter({
      name: 'steps_total',
      help: 'Steps of Dockerfiles that are done.',
      labelNames: ['result'],
      series: [{ result: 'cached' }, { result: 'executed' }, { result: 'failed' }, { result: 'cancelled' }],
    }),
    stepSources: metrics.counter({
      name: 'step_sources_total',
      help: 'Steps of images that were built, by where their layers came from.',
      labelNames: ['source'],
      series: [{ source: 'local' }, { source: 'registry' }, { source: 'built' }],
    }),
    cacheExports: metrics.counter({
      name: 'cache_exports_total',
      help: 'Layer caches that were written to the registry, were not worth it, or could not be written.',
      labelNames: ['result'],
      series: [{ result: 'done' }, { result: 'skipped' }, { result: 'failed' }],
    }),
    pullLimitWaits: metrics.counter({
      name: 'pull_limit_waits_total',
      help: 'Waits of images for a registry that limits how much may be pulled.',
    }),
  };
}
