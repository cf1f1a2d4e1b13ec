import type { BuildkitClient } from '../control/buildkit-client.js';
import { askFrontend, type FrontendQuestion } from './ask-frontend.js';
import { listNames } from './list-names.js';

/**
 * Names the stages of a Dockerfile that have a name (moby/buildkit `frontend/subrequests/targets`).
 *
 * @throws {BuildkitError} also when the Dockerfile cannot be parsed
 */
export async function listTargets(
  client: BuildkitClient,
  question: Omit<FrontendQuestion, 'requestId'>,
): Promise<readonly string[]> {
  return listNames(await askFrontend(client, { ...question, requestId: 'frontend.targets' }), 'targets');
}
