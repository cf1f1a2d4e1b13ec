import { DEFAULT_ARCHIVE_LIMITS, registrySettingsFrom, registryVariables } from '@convox-builds/registry';
import { objectStorageSettings, objectStorageVariables, secretBoxSchema } from '@convox-builds/store';
import { z } from 'zod';

import { createAddressGuard } from './outgoing/address-guard.js';
import { pollSettings, pollVariables } from './polling/poll-settings.js';
import { promotionSettings, promotionVariables } from './promotions/promotion-settings.js';
import { retentionSettings, retentionVariables } from './retention/retention-settings.js';
import { webhookVariables } from './webhooks/webhook-settings.js';

/** The api's environment variables. */
export const settingsSchema = z
  .object({
    HOST: z.string().default('0.0.0.0'),
    PORT: z.coerce.number().int().min(0).max(65_535).default(5080),
    DATABASE_URL: z.string().min(1),
    REDIS_URL: z.string().min(1),
    ...objectStorageVariables,
    RACK_NAME: z.string().default('convox'),
    /** Where people reach the rack, such as `https://rack.example.org`: forges are given links to it. */
    PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
    RACK_PASSWORD: z.string().min(8),
    /** Encrypts the secrets that people give the rack: 32 bytes in base64; after a comma, keys that were used before. */
    ENCRYPTION_KEY: secretBoxSchema,
    /** Key of the tokens for user `jwt` (HS256); without it there are none. */
    JWT_SECRET: z.string().min(32).optional(),
    /** With it, as a bearer token, anybody may read `/metrics`, and nothing else. */
    METRICS_TOKEN: z.string().min(16).optional(),
    /**
     * Host and port of the rack's registry: it is served under `/v2`, builds are exported from it and imported into it,
     * and promotions name images by it.
     */
    REGISTRY_HOST: z.string().default(''),
    /** With the key the api gives out tokens for the rack's registry, too. */
    ...registryVariables,
    /** Bytes of an imported build at most, unpacked. */
    MAX_ARCHIVE_BYTES: z.coerce.number().int().positive().default(DEFAULT_ARCHIVE_LIMITS.maxBytes),
    /** Bytes of an uploaded object at most. */
    MAX_OBJECT_BYTES: z.coerce.number().int().positive().default(500_000_000),
    /** How many builds of the rack, and of one app, run at once; by default as many as the workers have slots for. */
    MAX_RUNNING_BUILDS: z.coerce.number().int().positive().default(100_000),
    MAX_RUNNING_BUILDS_PER_APP: z.coerce.number().int().positive().default(100_000),
    /** How often a build may lose its worker before it is failed: it may be what kills them. */
    MAX_LOST_WORKERS: z.coerce.number().int().positive().default(2),
    ...promotionVariables,
    ...webhookVariables,
    ...retentionVariables,
    ...pollVariables,
    /** Where programs are looked for. */
    PATH: z.string().default('/usr/bin:/bin'),
    LOG_LEVEL: z.string().default('info'),
  })
  .transform((variables, context) => ({
    host: variables.HOST,
    port: variables.PORT,
    databaseUrl: variables.DATABASE_URL,
    redisUrl: variables.REDIS_URL,
    objectStorage: objectStorageSettings(variables, context),
    secretBox: variables.ENCRYPTION_KEY,
    rackName: variables.RACK_NAME,
    publicUrl: variables.PUBLIC_URL?.replace(/\/+$/, '') ?? '',
    rackPassword: variables.RACK_PASSWORD,
    jwtSecret: variables.JWT_SECRET,
    metricsToken: variables.METRICS_TOKEN,
    registry: registrySettingsFrom(variables),
    archiveLimits: { ...DEFAULT_ARCHIVE_LIMITS, maxBytes: variables.MAX_ARCHIVE_BYTES },
    maxObjectBytes: variables.MAX_OBJECT_BYTES,
    queueLimits: { running: variables.MAX_RUNNING_BUILDS, runningPerApp: variables.MAX_RUNNING_BUILDS_PER_APP },
    promotions: promotionSettings(variables, context),
    webhooks: {
      guard: createAddressGuard(variables.WEBHOOK_ALLOWED_NETWORKS),
      timeoutMs: variables.WEBHOOK_TIMEOUT_SECONDS * 1000,
    },
    retention: retentionSettings(variables),
    polls: pollSettings(variables),
    searchPath: variables.PATH,
    maxLostWorkers: variables.MAX_LOST_WORKERS,
    logLevel: variables.LOG_LEVEL,
  }));

/** What the api was told by its environment. */
export type Settings = z.infer<typeof settingsSchema>;
