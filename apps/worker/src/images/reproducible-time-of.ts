import type { AppRecord } from '@convox-builds/store';

/** Not the beginning of Unix time: a zip knows no time before. */
const DEFAULT_TIME = new Date('1980-01-01T00:00:00Z');

/**
 * The time that an app's images are made at by its parameter `Reproducible`; `undefined`: whenever they are made.
 *
 * @param buildArgs those of the image; `SOURCE_DATE_EPOCH` (reproducible-builds.org) is a time in Unix seconds
 */
export function reproducibleTimeOf(
  { parameters }: Pick<AppRecord, 'parameters'>,
  buildArgs: Readonly<Record<string, string>>,
): Date | undefined {
  if (parameters['Reproducible'] !== 'true') return undefined;
  const given = buildArgs['SOURCE_DATE_EPOCH'] ?? '';
  return /^\d{1,11}$/.test(given) ? new Date(Number(given) * 1000) : DEFAULT_TIME;
}
