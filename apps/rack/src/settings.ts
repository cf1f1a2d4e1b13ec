import { parseArgs } from 'node:util';

import { registryVariables } from '@convox-builds/registry';
import { readEnvironment, readOpenTelemetryVariables } from '@convox-builds/runtime';
import { objectStorageVariables } from '@convox-builds/store';
import { z } from 'zod';

const DEFAULT_PORT = 5080;
const MAX_WORKERS = 64;

const environmentSchema = z.object({
  /** Where redis-server, docker-registry and runc are. */
  PATH: z.string().min(1),
  /** A Postgres to use instead of the embedded one. */
  DATABASE_URL: z.string().optional(),
  /** A Redis to use instead of one of the rack's own. */
  REDIS_URL: z.string().optional(),
  /** The buildkitd to run. */
  BUILDKITD: z.string().default('buildkitd'),
  /** Base images made by set-up. */
  BASE_IMAGES_FOLDER: z.string().default(''),
  BUILD_SLOTS: z.string().default('4'),
  /** Whether layers are kept in the registry for workers whose disk is cold: `auto`, `always`, `off`. */
  LAYER_CACHE: z.string().default('auto'),
  /** What images say of how they were made, and what lists what is in them: the worker's own; empty for its defaults. */
  PROVENANCE: z.string().default(''),
  SBOM_GENERATOR: z.string().default(''),
  RUN_NETWORK: z.string().default('isolated'),
  /** Where git servers may be beside the internet: a rack of one machine may use one that is on it. */
  GIT_ALLOWED_NETWORKS: z.string().default('127.0.0.0/8,::1/128'),
  GIT_CA_FILE: z.string().default(''),
  LEASE_SECONDS: z.string().default('30'),
  /** Where the worker serves its health and its metrics; default nowhere. */
  HEALTH_PORT: z.string().default(''),
  /** What a promotion runs, and where webhooks may lead: the api's own. */
  PROMOTE_COMMAND: z.string().default(''),
  PROMOTE_URL: z.string().default(''),
  PROMOTE_SECRET: z.string().default(''),
  PROMOTE_TIMEOUT_SECONDS: z.string().default(''),
  WEBHOOK_ALLOWED_NETWORKS: z.string().default(''),
  /** Where people reach the rack: forges are given links to it. */
  PUBLIC_URL: z.string().default(''),
  LOG_LEVEL: z.string().default('warn'),
});

/** Texts that the api and the workers read; objects are in the rack's own folder, or in a bucket. */
const objectStorageSchema = z.record(z.string(), z.string()).transform((source) => {
  const names = Object.keys(objectStorageVariables).filter((name) => name !== 'OBJECTS_FOLDER');
  return Object.fromEntries(names.flatMap((name) => (source[name] === undefined ? [] : [[name, source[name]]])));
});

const REGISTRY_VARIABLES = new Set(['REGISTRY_HOST', ...Object.keys(registryVariables), 'DOCKER_HUB_MIRROR']);

/** Texts that the api and the workers read of a registry that is there already, and who they are at AWS when it is of ECR. */
const registrySchema = z.record(z.string(), z.string()).transform((source) => {
  if (source['REGISTRY_HOST'] === undefined) return undefined;
  const isTold = (name: string) => REGISTRY_VARIABLES.has(name) || name.startsWith('AWS_');
  return Object.fromEntries(Object.entries(source).filter(([name]) => isTold(name)));
});

/** What the rack was told. */
export interface RackSettings {
  readonly folder: string;
  readonly port: number;
  readonly workers: number;
  readonly environment: z.infer<typeof environmentSchema>;
  /** Variables by which the api and the workers find objects, unless they are in the rack's folder. */
  readonly objectStorage: Readonly<Record<string, string>>;
  /** Variables by which they find a registry that is there already; `undefined`: the rack has one of its own. */
  readonly registry: Readonly<Record<string, string>> | undefined;
  /** By which the api and the workers report traces. */
  readonly openTelemetry: Readonly<Record<string, string>>;
}

/**
 * Reads the command line and the environment.
 *
 * @throws {TypeError} for an unknown option
 */
export function readSettings(args: readonly string[]): RackSettings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string', default: '.rack' },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      workers: { type: 'string', default: '1' },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new TypeError(`Cannot use port "${values.port}": expected 1 to 65535`);
  const workers = Number(values.workers);
  if (!Number.isInteger(workers) || workers < 1 || workers > MAX_WORKERS)
    throw new TypeError(`Cannot start "${values.workers}" workers: expected 1 to ${MAX_WORKERS}`);
  return {
    folder: values.data,
    port,
    workers,
    environment: readEnvironment(environmentSchema),
    objectStorage: readEnvironment(objectStorageSchema),
    registry: readEnvironment(registrySchema),
    openTelemetry: readOpenTelemetryVariables(),
  };
}
