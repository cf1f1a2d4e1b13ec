import type { RetentionPolicy } from '@convox-builds/store';
import { z } from 'zod';

const count = z.coerce.number().int().min(0).max(1_000_000);

/** Environment variables that tell which builds go by themselves; without the first two all stay. */
export const retentionVariables = {
  RETENTION_BUILDS: count.optional(),
  RETENTION_DAYS: z.coerce.number().min(0).max(100_000).optional(),
  /** Builds of this many of the newest releases, and of those that were promoted last, stay in any case. */
  RETENTION_RELEASES: count.min(1).default(10),
};

/** What a rack keeps. */
export interface RetentionSettings {
  readonly keepBuilds: number | undefined;
  readonly keepDays: number | undefined;
  readonly keepReleases: number;
}

/** Reads the retention from its variables. */
export function retentionSettings(variables: {
  RETENTION_BUILDS?: number | undefined;
  RETENTION_DAYS?: number | undefined;
  RETENTION_RELEASES: number;
}): RetentionSettings {
  return {
    keepBuilds: variables.RETENTION_BUILDS,
    keepDays: variables.RETENTION_DAYS,
    keepReleases: variables.RETENTION_RELEASES,
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text);
}

/** The policy by which an app's builds go by themselves; what the app says counts more. `undefined`: all stay. */
export function policyOf(
  parameters: Readonly<Record<string, string>>,
  settings: RetentionSettings,
): RetentionPolicy | undefined {
  const keepBuilds = numberOf(parameters['RetentionBuilds']) ?? settings.keepBuilds;
  const keepDays = numberOf(parameters['RetentionDays']) ?? settings.keepDays;
  if (keepBuilds === undefined && keepDays === undefined) return undefined;
  return { keepBuilds: keepBuilds ?? 0, keepDays: keepDays ?? 0, keepReleases: settings.keepReleases };
}
