import { BuildkitError, listTargets, outlineDockerfile } from '@convox-builds/buildkit-client';

import type { WorkerParts } from '../worker-parts.js';
import { dockerfileQuestion } from './dockerfile-question.js';
import type { ImageToBuild } from './image-to-build.js';

/** What the plan leaves to the Dockerfile. */
export interface Stage {
  readonly target: string | undefined;
  readonly args: Readonly<Record<string, string>>;
  /** Names of the arguments that the stage takes; `undefined` when nobody has asked yet. */
  readonly declared: readonly string[] | undefined;
}

const DEVELOPMENT_STAGE = 'development';
/** Names that steer the frontend itself. */
const RESERVED_PREFIX = 'BUILDKIT_';

/** A secret is never an argument, which would be in the image's history, even where an `ARG` has its name. */
function warnOfSecrets({ attempt, image }: ImageToBuild, declared: readonly string[]): void {
  const { secrets, services, places } = image;
  for (const name of secrets.filter((secret) => declared.includes(secret)))
    attempt.log.line(
      `warning: ${places.secrets}: service ${services.join(', ')}: secret ${name} is not given to ARG ${name}, mount it`,
    );
}

/**
 * Settles the stage and the arguments of an image by what its Dockerfile says, as BuildKit's own frontend reads it: the
 * stage named `development` for a development build, and for each `ARG` that was given no value the one that the app's
 * environment has.
 */
export async function settleStage(build: ImageToBuild, parts: WorkerParts): Promise<Stage> {
  const { attempt, image } = build;
  const { development } = attempt.build.options;
  const planned = { target: image.target, args: image.args, declared: undefined };
  if (!development && attempt.environment.size === 0) return planned;
  try {
    const client = await parts.buildkitd.client(build.signal);
    const targets = development ? await listTargets(client, dockerfileQuestion(build)) : [];
    const target = targets.includes(DEVELOPMENT_STAGE) ? DEVELOPMENT_STAGE : image.target;
    const { args: declared } = await outlineDockerfile(client, dockerfileQuestion(build, target));
    warnOfSecrets(build, declared);
    const isKept = (name: string) => name.startsWith(RESERVED_PREFIX) || image.secrets.includes(name);
    const fromEnvironment = declared.flatMap((name) => {
      const value = isKept(name) ? undefined : attempt.environment.get(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    return { target, args: { ...Object.fromEntries(fromEnvironment), ...image.args }, declared };
  } catch (error) {
    // What is wrong with the Dockerfile is said by the solve. Whatever else there is no answer for (base images are resolved
    // for it) may be over by then: the solve would make an image of another stage, or without its arguments.
    const isOfDockerfile = error instanceof BuildkitError && (error.code === 'user' || error.code === 'not-found');
    if (isOfDockerfile) return planned;
    throw error;
  }
}
