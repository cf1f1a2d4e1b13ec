import {
  collectDefaultMetrics,
  type LabelValues,
  Counter as PromCounter,
  Gauge as PromGauge,
  Histogram as PromHistogram,
  Registry,
} from 'prom-client';

import type { Logger } from './create-logger.js';

/** A number that only grows while the process lives. */
export type Counter<Label extends string = never> = PromCounter<Label>;

/** A number that goes up and down. */
export type Gauge<Label extends string = never> = PromGauge<Label>;

/** How often something took how long, or was how large. */
export type Histogram<Label extends string = never> = PromHistogram<Label>;

/** What a metric is called and means. */
export interface MetricOptions<Label extends string = never> {
  /** In snake case, with its base unit (`_seconds`, `_bytes`) and `_total` for a counter; the prefix is added. */
  readonly name: string;
  readonly help: string;
  /** Each of few values that we choose: never an id, nor a name that people give, because each value is kept for ever. */
  readonly labelNames?: readonly Label[];
}

/** A counter. */
export interface CounterOptions<Label extends string = never> extends MetricOptions<Label> {
  /** Series that are there with 0 before anything has happened: without them the first event is no increase. */
  readonly series?: readonly LabelValues<Label>[];
}

/** A histogram. */
export interface HistogramOptions<Label extends string = never> extends MetricOptions<Label> {
  /** Upper bounds, in the metric's unit. */
  readonly buckets: readonly number[];
}

/** All metrics, to be sent. */
export interface RenderedMetrics {
  readonly contentType: string;
  readonly text: string;
}

/** The metrics of one process. */
export interface Metrics {
  readonly counter: <Label extends string = never>(options: CounterOptions<Label>) => Counter<Label>;
  readonly gauge: <Label extends string = never>(options: MetricOptions<Label>) => Gauge<Label>;
  readonly histogram: <Label extends string = never>(options: HistogramOptions<Label>) => Histogram<Label>;
  /** Registers what brings gauges up to date before they are read; when it fails the others are sent all the same. */
  readonly beforeRead: (refresh: () => Promise<void>) => void;
  /** Renders everything in the text format of Prometheus, version 0.0.4. */
  readonly render: () => Promise<RenderedMetrics>;
}

const PREFIX = 'convox_builds_';

/** Makes a process's metrics: ours, and what the process itself is like (memory, CPU, delay of the event loop). */
export function createMetrics({ logger }: { logger: Logger }): Metrics {
  const registry = new Registry();
  const refreshes: (() => Promise<void>)[] = [];
  collectDefaultMetrics({ register: registry });

  const configuration = <Label extends string>({ name, help, labelNames = [] }: MetricOptions<Label>) => ({
    name: `${PREFIX}${name}`,
    help,
    labelNames: [...labelNames],
    registers: [registry],
  });

  async function refreshAll(): Promise<void> {
    for (const refresh of refreshes) {
      await refresh().catch((error: unknown) => logger.debug({ err: error }, 'Cannot refresh metrics'));
    }
  }

  return {
    counter: (options) => {
      const counter = new PromCounter(configuration(options));
      for (const labels of options.series ?? []) counter.inc(labels, 0);
      return counter;
    },
    gauge: (options) => new PromGauge(configuration(options)),
    histogram: (options) => new PromHistogram({ ...configuration(options), buckets: [...options.buckets] }),
    beforeRead: (refresh) => void refreshes.push(refresh),
    render: async () => {
      await refreshAll();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
