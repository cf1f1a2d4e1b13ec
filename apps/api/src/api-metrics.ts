import { BUILD_LANES } from '@convox-builds/domain';
import { answerWithin, type Counter, type Gauge, type Histogram, type Metrics } from '@convox-builds/runtime';
import type { Store } from '@convox-builds/store';

/** What the api counts and measures. */
export interface ApiMetrics {
  /** Seconds from a request to the begin of its answer. Log streams are not in it: they are sockets. */
  readonly requestSeconds: Histogram<'method' | 'route' | 'status_class'>;
  readonly uploadedBytes: Counter;
  /** Log streams that are open on this replica. */
  readonly logReaders: Gauge;
  /** Builds whose worker was lost, by what became of them. */
  readonly expiredLeases: Counter<'outcome'>;
  /** Rings of workers for what they were given; one that is not taken up is rung again. */
  readonly rings: Counter;
  readonly compactedLogs: Counter;
  readonly reconcileFailures: Counter<'step'>;
  /** Tries of promotions that run something, of deliveries to webhooks and of telling forges, by what came of them. */
  readonly promotionTries: Counter<'outcome'>;
  readonly deliveryTries: Counter<'outcome'>;
  readonly feedbackTries: Counter<'outcome'>;
  /** Webhooks of repositories, by what came of them. */
  readonly webhooksReceived: Counter<'outcome'>;
  /** Things of deleted builds that were to be removed, by what came of it. */
  readonly removals: Counter<'outcome'>;
  readonly render: Metrics['render'];
}

/** Uploads come in seconds or minutes, everything else in milliseconds. */
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];
/** Within the ten seconds that Prometheus waits, so that a database that is stuck costs no other metric. */
const COUNT_WITHIN_MS = 2000;

/** Reads the builds that have not ended when the metrics are read. Without the database these are not a number. */
function addActiveBuilds(metrics: Metrics, { builds }: Pick<Store, 'builds'>): void {
  const active = metrics.gauge({
    name: 'active_builds',
    help: 'Builds that have not ended, of the whole rack: every replica says the same.',
    labelNames: ['state', 'lane'],
  });
  const oldest = metrics.gauge({
    name: 'oldest_queued_build_age_seconds',
    help: 'Age of the oldest build that waits for a worker; 0 when none does.',
  });
  const nowhere = { interactive: Number.NaN, deploy: Number.NaN, automatic: Number.NaN };
  const unknown = { queued: nowhere, running: nowhere, oldestQueuedSeconds: Number.NaN };
  metrics.beforeRead(async () => {
    const count = await answerWithin(builds.countActive(), COUNT_WITHIN_MS).catch(() => unknown);
    for (const lane of BUILD_LANES) {
      active.set({ state: 'queued', lane }, count.queued[lane]);
      active.set({ state: 'running', lane }, count.running[lane]);
    }
    oldest.set(count.oldestQueuedSeconds);
  });
}

/** Makes the api's metrics. */
export function createApiMetrics(metrics: Metrics, store: Pick<Store, 'builds'>): ApiMetrics {
  addActiveBuilds(metrics, store);
  return {
    requestSeconds: metrics.histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from a request to the begin of its answer.',
      labelNames: ['method', 'route', 'status_class'],
      buckets: REQUEST_SECONDS,
    }),
    uploadedBytes: metrics.counter({ name: 'uploaded_bytes_total', help: 'Bytes of uploads that were stored.' }),
    logReaders: metrics.gauge({ name: 'log_readers', help: 'Log streams that are open.' }),
    expiredLeases: metrics.counter({
      name: 'expired_leases_total',
      help: 'Builds whose worker was lost, by what became of them.',
      labelNames: ['outcome'],
      series: [{ outcome: 'queued' }, { outcome: 'failed' }],
    }),
    rings: metrics.counter({ name: 'queue_rings_total', help: 'Rings of workers for builds that they were given.' }),
    compactedLogs: metrics.counter({ name: 'compacted_logs_total', help: 'Logs of ended builds that were put away.' }),
    reconcileFailures: metrics.counter({
      name: 'reconcile_failures_total',
      help: 'Steps of the reconciler that failed.',
      labelNames: ['step'],
    }),
    promotionTries: metrics.counter({
      name: 'promotion_tries_total',
      help: 'Tries of promotions that run something, by what came of them.',
      labelNames: ['outcome'],
      series: [{ outcome: 'succeeded' }, { outcome: 'failed' }, { outcome: 'passing' }],
    }),
    deliveryTries: metrics.counter({
      name: 'webhook_delivery_tries_total',
      help: 'Tries of deliveries to webhooks, by what came of them.',
      labelNames: ['outcome'],
      series: [{ outcome: 'delivered' }, { outcome: 'failed' }, { outcome: 'pending' }],
    }),
    feedbackTries: metrics.counter({
      name: 'forge_feedback_tries_total',
      help: 'Tries of telling forges of builds, by what came of them.',
      labelNames: ['outcome'],
      series: [{ outcome: 'told' }, { outcome: 'failed' }, { outcome: 'pending' }],
    }),
    removals: metrics.counter({
      name: 'removals_total',
      help: 'Images and objects of deleted builds that were to be removed, by what came of it.',
      labelNames: ['outcome'],
      series: [{ outcome: 'removed' }, { outcome: 'kept' }, { outcome: 'failed' }],
    }),
    webhooksReceived: metrics.counter({
      name: 'workflow_webhooks_total',
      help: 'Webhooks of repositories, by what came of them.',
      labelNames: ['outcome'],
      series: [{ outcome: 'recorded' }, { outcome: 'known' }, { outcome: 'refused' }, { outcome: 'failed' }],
    }),
    render: metrics.render,
  };
}
