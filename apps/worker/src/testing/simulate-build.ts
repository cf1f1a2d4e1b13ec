import { setTimeout as sleep } from 'node:timers/promises';

import { BuildFailure } from '@convox-builds/domain';
import { z } from 'zod';

import { AttemptStop } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';

const BURST_EVERY_MS = 2000;
const MIN_BURSTS = 5;
const LINES_A_BURST = 10;
const OUTPUT = Array.from({ length: LINES_A_BURST }, (_, line) => `step ${line}: ${'output of a compiler '.repeat(3)}`);
const MANIFEST = 'services:\n  web:\n    build: .\n';
const IMAGE = {
  digest: `sha256:${'0'.repeat(64)}`,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  size: 0,
  platforms: ['linux/amd64'],
};

/** What a simulated build is to do: its build arguments say so. */
const argsSchema = z.object({
  SOLVE_MS: z.coerce.number().nonnegative(),
  /** `platform`: the rack's own failure, in the first attempt only. */
  END: z.enum(['complete', 'user', 'platform']),
});

/**
 * A build of which only the solve is simulated: it takes its time and writes its log, and no image is made. All that is
 * recorded and announced of it is real.
 */
export const simulateBuild: WorkerParts['runBuild'] = async ({ build, claim, log, signal }, { store }) => {
  const { SOLVE_MS: solveMs, END: end } = argsSchema.parse(build.options.buildArgs);
  if (!(await store.attempts.saveManifest(claim, MANIFEST))) throw new AttemptStop('lost');
  const bursts = Math.max(MIN_BURSTS, Math.round(solveMs / BURST_EVERY_MS));
  for (let burst = 0; burst < bursts; burst++) {
    await sleep(solveMs / bursts, undefined, { signal });
    log.lines('web: ', OUTPUT);
    await log.ready();
  }
  if (end === 'user') throw new BuildFailure('user', 'web: Dockerfile:7: exit code 1');
  if (end === 'platform' && claim.attempt === 1) throw new BuildFailure('platform', 'web: the registry answered 503');
  await log.end();
  const release = await store.attempts.complete(claim, { images: { web: IMAGE }, entrypoint: '' });
  if (release === undefined) throw new AttemptStop('lost');
  await store.builds.markTagged(build.id);
  return release;
};
