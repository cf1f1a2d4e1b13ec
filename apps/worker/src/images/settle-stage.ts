import {
  BuildkitError,
  dockerfileAttrs,
  type FrontendQuestion,
  listTargets,
  outlineDockerfile,
} from '@convox-builds/buildkit-client';

import type { WorkerParts } from '../worker-parts.js';
import type { ImageToBuild } from './build-image.js';
import { locateDockerfile } from './locate-dockerfile.js';

/** What the plan leaves to the Dockerfile. */
export interface Stage {
  readonly target: string | undefined;
  readonly args: Readonly<Record<string, string>>;
}

const DEVELOPMENT_STAGE = 'development';
/** A Dockerfile that the frontend cannot read is told to the person by the solve; this only must not wait for ever. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * Settles the stage and the arguments of an image by what its Dockerfile says, as BuildKit's own frontend reads it: the
 * stage named `development` for a development build, and for each `ARG` that was given no value the one that the app's
 * environment has.
 */
export async function settleStage(build: ImageToBuild, parts: WorkerParts): Promise<Stage> {
  const { attempt, image } = build;
  const { development, buildArgs } = attempt.build.options;
  const planned = { target: image.target, args: image.args };
  const fromManifest = Object.keys(image.args).filter((name) => !(name in buildArgs));
  const isNeeded = development || attempt.environment.size > 0 || fromManifest.length > 0;
  if (!isNeeded) return planned;
  try {
    const target = development ? await findDevelopmentStage(build, parts) : image.target;
    const client = await parts.buildkitd.client();
    const { args: declared } = await outlineDockerfile(client, ask(build, target));
    for (const name of fromManifest.filter((given) => !declared.includes(given))) {
      attempt.log.line(`${image.services.join(',')} build argument ${name} is not declared by ${image.dockerfile}`);
    }
    const fromEnvironment = declared.flatMap((name) => {
      const value = attempt.environment.get(name);
      return value === undefined || name.startsWith('BUILDKIT_') ? [] : [[name, value] as const];
    });
    return { target, args: { ...Object.fromEntries(fromEnvironment), ...image.args } };
  } catch (error) {
    if (error instanceof BuildkitError) return planned;
    throw error;
  }
}

function ask({ image, session, signal }: ImageToBuild, target?: string): Omit<FrontendQuestion, 'requestId'> {
  const { args: buildArgs, platforms } = image;
  const { filename } = locateDockerfile(image);
  return {
    frontendAttrs: dockerfileAttrs({ filename, target, buildArgs, platforms }),
    session,
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
  };
}

async function findDevelopmentStage(build: ImageToBuild, parts: WorkerParts): Promise<string | undefined> {
  const targets = await listTargets(await parts.buildkitd.client(), ask(build));
  return targets.includes(DEVELOPMENT_STAGE) ? DEVELOPMENT_STAGE : build.image.target;
}
