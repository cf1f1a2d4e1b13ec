import type { Attempt } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';

/**
 * Sees to it that what is about to be made can be pushed. What keeps the rack out of its registry is told before hours of work.
 *
 * @throws {EcrError}
 */
export async function prepareRepository(
  { app, signal }: Attempt,
  { repositories, registryGate, settings }: WorkerParts,
): Promise<void> {
  await registryGate.credentials(settings.registry.host);
  await repositories.prepareRepository(app.name, { signal });
}
