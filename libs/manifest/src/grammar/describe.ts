import { app, balancer, config, resource, timer } from './app-grammar.js';
import { BUILD_KEYS } from './build-grammar.js';
import type { Keys } from './keys.js';
import { PULL_SECRET_KEYS } from './pull-secrets-grammar.js';
import { SCALE_KEYS } from './scale-grammar.js';
import { GENERATION_2_KEYS, IMAGE_KEYS, RUN_KEYS } from './service-grammar.js';
import type { JsonSchema } from './shape.js';

/** A line of the reference. */
export interface KeyDescription {
  readonly name: string;
  /** E.g. `string or map`. */
  readonly type: string;
  readonly doc: string;
  /** As it would be written; `''` for none. */
  readonly fallback: string;
}

const TABLES: Readonly<Record<string, Keys>> = {
  app: app.keys,
  image: IMAGE_KEYS,
  build: BUILD_KEYS,
  imagePullSecrets: PULL_SECRET_KEYS,
  run: RUN_KEYS,
  scale: SCALE_KEYS,
  resources: resource.keys,
  timers: timer.keys,
  balancers: balancer.keys,
  configs: config.keys,
  generation2: GENERATION_2_KEYS,
};

const describeKeys = (keys: Keys): KeyDescription[] =>
  Object.entries(keys).map(([name, { shape, doc, fallback }]) => ({
    name,
    type: shape.label,
    doc,
    fallback: ['string', 'number', 'boolean'].includes(typeof fallback) ? String(fallback) : '',
  }));

/** The tables of the reference, by name, as the grammar has them. */
export function describeManifest(): Readonly<Record<string, readonly KeyDescription[]>> {
  return Object.fromEntries(Object.entries(TABLES).map(([name, keys]) => [name, describeKeys(keys)]));
}

/** The JSON Schema (draft 7) of convox.yml, by which editors complete and check it. */
export function manifestSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'convox.yml',
    ...app.schema,
    required: ['services'],
  };
}
