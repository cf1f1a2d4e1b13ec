import { BuildkitError, outlineDockerfile } from '@convox-builds/buildkit-client';

import type { WorkerParts } from '../worker-parts.js';
import { dockerfileQuestion } from './dockerfile-question.js';
import type { ImageToBuild } from './image-to-build.js';
import type { Stage } from './settle-stage.js';

/** The image does not wait longer than this for a warning. */
const ANSWER_WITHIN_MS = 10_000;

async function askForArguments(build: ImageToBuild, { target }: Stage, parts: WorkerParts): Promise<readonly string[]> {
  const signal = AbortSignal.any([build.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  const client = await parts.buildkitd.client(signal);
  return (await outlineDockerfile(client, dockerfileQuestion({ ...build, signal }, target))).args;
}

/** Warns in the log of arguments that the manifest gives and the stage does not take. */
export async function warnOfUndeclaredArguments(build: ImageToBuild, stage: Stage, parts: WorkerParts): Promise<void> {
  const { log, logger, build: record } = build.attempt;
  const { services, places, dockerfile } = build.image;
  // What comes with the build is meant for whichever image wants it.
  const fromManifest = Object.entries(places.args).filter(([name]) => !(name in record.options.buildArgs));
  if (fromManifest.length === 0) return;
  try {
    const declared = stage.declared ?? (await askForArguments(build, stage, parts));
    for (const [name, place] of fromManifest.filter(([given]) => !declared.includes(given)))
      log.line(
        `warning: ${place}: service ${services.join(', ')}: build argument ${name} is not declared by ${dockerfile}`,
      );
  } catch (error) {
    // A warning costs no build. What is wrong with the Dockerfile is said by the solve.
    if (!(error instanceof BuildkitError)) logger.warn({ err: error }, 'Cannot look for undeclared arguments');
  }
}
