import { BuildkitError, outlineDockerfile } from '@convox-builds/buildkit-client';

import type { WorkerParts } from '../worker-parts.js';
import { dockerfileQuestion } from './dockerfile-question.js';
import type { ImageToBuild } from './image-to-build.js';

/** Warns in the log of arguments that the manifest gives and the Dockerfile does not take. */
export async function warnOfUndeclaredArguments(build: ImageToBuild, parts: WorkerParts): Promise<void> {
  const { attempt, image } = build;
  // What comes with the build is meant for whichever image wants it.
  const fromManifest = Object.keys(image.args).filter((name) => !(name in attempt.build.options.buildArgs));
  if (fromManifest.length === 0) return;
  try {
    const { args } = await outlineDockerfile(await parts.buildkitd.client(), dockerfileQuestion(build));
    for (const name of fromManifest.filter((given) => !args.includes(given))) {
      attempt.log.line(`${image.services.join(',')} build argument ${name} is not declared by ${image.dockerfile}`);
    }
  } catch (error) {
    // What is wrong with the Dockerfile is said by the solve.
    if (!(error instanceof BuildkitError)) throw error;
  }
}
