import type { BuildkitClient } from '../control/buildkit-client.js';
import { askFrontend, type FrontendQuestion } from './ask-frontend.js';
import { listNames } from './list-names.js';

/** What a stage of a Dockerfile, with the stages that it is made from, declares. */
export interface DockerfileOutline {
  /** Names of `ARG`. */
  readonly args: readonly string[];
  /** Ids of `RUN --mount=type=secret`. */
  readonly secrets: readonly string[];
}

/**
 * Tells what a Dockerfile takes, as the frontend itself reads it (moby/buildkit `frontend/subrequests/outline`). The stage
 * is the one that the attributes name.
 *
 * @throws {BuildkitError} also when the Dockerfile cannot be parsed
 */
export async function outlineDockerfile(
  client: BuildkitClient,
  question: Omit<FrontendQuestion, 'requestId'>,
): Promise<DockerfileOutline> {
  const answer = await askFrontend(client, { ...question, requestId: 'frontend.outline' });
  return { args: listNames(answer, 'args'), secrets: listNames(answer, 'secrets') };
}
