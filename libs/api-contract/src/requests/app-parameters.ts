import { CACHE_MODES, PROVENANCE_MODES, parseBuildLabels } from '@convox-builds/domain';
import { z } from 'zod';

const count = (what: string) => z.string().regex(/^[1-9]\d{0,8}$/, `must be a whole number of ${what} above 0`);

const trueOrFalse = z.enum(['true', 'false'], 'must be true or false');

/** The container runtime itself needs some of it before a step begins. */
const MIN_STEP_MEBIBYTES = 16;

function areBuildLabels(text: string): boolean {
  try {
    parseBuildLabels(text);
    return true;
  } catch {
    return false;
  }
}

/** Platforms in the words of the OCI image spec, e.g. `arm64`, `linux/arm/v7`; several are joined with commas. */
const PLATFORMS = /^\s*(?:linux\/)?[a-z0-9]+(?:\/v\d+)?(?:\s*,\s*(?:linux\/)?[a-z0-9]+(?:\/v\d+)?)*\s*$/;

/** What is known of parameters; an empty text takes one back. */
const KNOWN: Readonly<Record<string, z.ZodType>> = {
  BuildCpu: count('thousandths of a CPU'),
  BuildMem: count('mebibytes').refine(
    (text) => !(Number(text) < MIN_STEP_MEBIBYTES),
    `must be at least ${MIN_STEP_MEBIBYTES} mebibytes: no step starts with less`,
  ),
  BuildWeight: count('shares'),
  BuildConcurrency: count('builds'),
  RetentionBuilds: z.string().regex(/^\d{1,6}$/, 'must be a whole number of builds'),
  RetentionDays: z.string().regex(/^\d{1,5}$/, 'must be a whole number of days'),
  Cache: z.enum(CACHE_MODES, `must be ${CACHE_MODES.join(', ')}`),
  Provenance: z.enum(PROVENANCE_MODES, `must be ${PROVENANCE_MODES.join(', ')}`),
  Sbom: trueOrFalse,
  Reproducible: trueOrFalse,
  BuildArch: z.string().regex(PLATFORMS, 'must be such as arm64 or linux/amd64,linux/arm64'),
  BuildLabels: z.string().refine(areBuildLabels, 'must be such as team=web,tier=1'),
};

/** Reads what is wrong with an app's parameters; `undefined` when nothing is. Parameters that the rack does not know are kept. */
export function findParameterProblem(parameters: Readonly<Record<string, string>>): string | undefined {
  for (const [name, value] of Object.entries(parameters)) {
    if (!/^[A-Za-z][A-Za-z0-9]{0,63}$/.test(name)) return 'must have names of letters and digits';
    if (value.length > 4096) return `${name}: is longer than 4096 characters`;
    const problem = value === '' ? undefined : KNOWN[name]?.safeParse(value).error?.issues[0]?.message;
    if (problem !== undefined) return `${name}: ${problem}`;
  }
  return undefined;
}
