import { parseArgs } from 'node:util';

import { readEnvironment } from '@convox-builds/runtime';
import { z } from 'zod';

const DEFAULT_PORT = 5080;
const MAX_WORKERS = 64;

/** What the rack itself reads; all else is for the api and the workers. */
const environmentSchema = z.object({
  /** Where redis-server, docker-registry and runc are. */
  PATH: z.string().min(1),
  /** A Postgres to use instead of the embedded one. */
  DATABASE_URL: z.string().optional(),
  /** A Redis to use instead of one of the rack's own. */
  REDIS_URL: z.string().optional(),
  /** A registry to use instead of one of the rack's own. */
  REGISTRY_HOST: z.string().optional(),
  /** A bucket to use instead of a folder of the rack's own. */
  OBJECTS_URL: z.string().optional(),
  /** Base images made by set-up. */
  BASE_IMAGES_FOLDER: z.string().default(''),
  /** What is asked before Docker Hub, instead of those. */
  DOCKER_HUB_MIRROR: z.string().optional(),
  /** Where git servers may be beside the internet: a rack of one machine may use one that is on it. */
  GIT_ALLOWED_NETWORKS: z.string().default('127.0.0.0/8,::1/128'),
  LOG_LEVEL: z.string().default('warn'),
});

const variablesSchema = z.record(z.string(), z.string());

/** What the rack was told. */
export interface RackSettings {
  readonly folder: string;
  readonly port: number;
  readonly workers: number;
  readonly environment: z.infer<typeof environmentSchema>;
  /** All variables that are set: the api and the workers get them, too. */
  readonly variables: Readonly<Record<string, string>>;
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
    variables: readEnvironment(variablesSchema),
  };
}
