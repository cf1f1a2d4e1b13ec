import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { resolve } from 'node:path';

import { CACHE_MODES, networksSchema, PROVENANCE_MODES, parseImageReference } from '@convox-builds/domain';
import { registrySettingsFrom, registryVariables } from '@convox-builds/registry';
import { objectStorageSettings, objectStorageVariables, secretBoxSchema } from '@convox-builds/store';
import { z } from 'zod';

const seconds = (defaultSeconds: number) =>
  z.coerce
    .number()
    .positive()
    .default(defaultSeconds)
    .transform((value) => value * 1000);

/** It becomes a part of an attribute, whose parts are apart by commas. */
const imageSchema = z.string().refine((text) => {
  try {
    return parseImageReference(text) !== undefined;
  } catch {
    return false;
  }
}, 'must be the name of an image');

/** Several workers of one host have each their own folder. */
function defaultName(folder: string): string {
  const suffix = createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 6);
  return `${hostname()}-${suffix}`;
}

/** The worker's environment variables; times are given in seconds and kept in milliseconds. */
export const settingsSchema = z
  .object({
    DATABASE_URL: z.string().min(1),
    REDIS_URL: z.string().min(1),
    ...objectStorageVariables,
    /** Encrypts the secrets that people give the rack: 32 bytes in base64; after a comma, keys that were used before. */
    ENCRYPTION_KEY: secretBoxSchema,
    /** Folder that this worker alone owns: BuildKit's state, spooled sources. Keep it: it is the warm cache. */
    WORKER_FOLDER: z.string().min(1),
    /** By default made of the host's name and the folder: it stays the same, and so does what is warm. */
    WORKER_NAME: z.string().min(1).max(100).optional(),
    /** The buildkitd to run. */
    BUILDKITD: z.string().min(1).default('buildkitd'),
    /** Host and port of the rack's registry. */
    REGISTRY_HOST: z.string().min(1),
    ...registryVariables,
    /** `host:port/path` that is asked before Docker Hub. */
    DOCKER_HUB_MIRROR: z.string().default(''),
    /** Whether layers are kept in the registry for workers whose disk is cold; an app may say otherwise (`Cache`). */
    LAYER_CACHE: z.enum(CACHE_MODES).default('auto'),
    /** `zstd` is smaller and quicker, where the registry takes it. */
    LAYER_CACHE_COMPRESSION: z.enum(['gzip', 'zstd']).default('gzip'),
    /** What images say of how they were made; an app may say otherwise (`Provenance`). All but `off` makes them indexes. */
    PROVENANCE: z.enum(PROVENANCE_MODES).default('off'),
    /** The image that lists what is in the images of apps that want that (`Sbom`). */
    SBOM_GENERATOR: imageSchema.default('docker.io/docker/buildkit-syft-scanner:stable-1'),
    /** How many builds run at once. */
    BUILD_SLOTS: z.coerce.number().int().min(1).max(256).default(4),
    /** With less than this no build is taken up. */
    MIN_FREE_DISK_BYTES: z.coerce.number().int().nonnegative().default(2_000_000_000),
    MIN_FREE_MEMORY_BYTES: z.coerce.number().int().nonnegative().default(200_000_000),
    BUILD_TIMEOUT_SECONDS: seconds(3600),
    /** How long a silent worker keeps its builds. */
    LEASE_SECONDS: seconds(30),
    /** How long a drain waits for running builds before it hands them back. */
    DRAIN_GRACE_SECONDS: seconds(30),
    LOG_LIMIT_BYTES: z.coerce.number().int().positive().default(200_000_000),
    /** `isolated`: what is built reaches the internet and nothing of ours; `host`: no fence. */
    RUN_NETWORK: z.enum(['isolated', 'host']).default('isolated'),
    /** Inward networks that RUN steps, ADD and the names of images may lead to, such as `10.1.0.0/16`; all others are refused. */
    BUILD_ALLOWED_NETWORKS: networksSchema,
    /** Inward networks in which git servers may be, such as `10.1.0.0/16,fd00:1::/32`; all others are refused. */
    GIT_ALLOWED_NETWORKS: networksSchema,
    /** Of one repository, of all that is kept of repositories between builds, and of the time of one transfer. */
    GIT_MAX_BYTES: z.coerce
      .number()
      .int()
      .positive()
      .default(4 * 1024 ** 3),
    GIT_CACHE_BYTES: z.coerce
      .number()
      .int()
      .nonnegative()
      .default(10 * 1024 ** 3),
    GIT_TIMEOUT_SECONDS: seconds(600),
    /** File with the certificates (PEM) of all authorities that git servers are believed by; without it the machine's. */
    GIT_CA_FILE: z.string().min(1).optional(),
    /** Where `/health/live`, `/health/ready` and `/metrics` are served; without it nowhere. 0: any port that is free. */
    HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
    LOG_LEVEL: z.string().default('info'),
    /** Where buildkitd finds runc and iptables. */
    PATH: z.string().min(1),
  })
  .transform((variables, context) => ({
    databaseUrl: variables.DATABASE_URL,
    redisUrl: variables.REDIS_URL,
    objectStorage: objectStorageSettings(variables, context),
    secretBox: variables.ENCRYPTION_KEY,
    folder: variables.WORKER_FOLDER,
    name: variables.WORKER_NAME ?? defaultName(variables.WORKER_FOLDER),
    buildkitdPath: variables.BUILDKITD,
    registry: { ...registrySettingsFrom(variables), dockerHubMirror: variables.DOCKER_HUB_MIRROR },
    attestations: { provenance: variables.PROVENANCE, sbomGenerator: variables.SBOM_GENERATOR },
    layerCache: { mode: variables.LAYER_CACHE, compression: variables.LAYER_CACHE_COMPRESSION },
    buildSlots: variables.BUILD_SLOTS,
    minFreeDiskBytes: variables.MIN_FREE_DISK_BYTES,
    minFreeMemoryBytes: variables.MIN_FREE_MEMORY_BYTES,
    buildTimeoutMs: variables.BUILD_TIMEOUT_SECONDS,
    leaseMs: variables.LEASE_SECONDS,
    drainGraceMs: variables.DRAIN_GRACE_SECONDS,
    logLimitBytes: variables.LOG_LIMIT_BYTES,
    runNetwork: { mode: variables.RUN_NETWORK, openNetworks: variables.BUILD_ALLOWED_NETWORKS },
    git: {
      openNetworks: variables.GIT_ALLOWED_NETWORKS,
      maxKeptBytes: variables.GIT_CACHE_BYTES,
      caFile: variables.GIT_CA_FILE,
      limits: { maxBytes: variables.GIT_MAX_BYTES, timeoutMs: variables.GIT_TIMEOUT_SECONDS },
    },
    healthPort: variables.HEALTH_PORT,
    logLevel: variables.LOG_LEVEL,
    searchPath: variables.PATH,
  }));

/** What the worker was told by its environment. */
export type Settings = z.infer<typeof settingsSchema>;
