import type { PushEvent } from '@convox-builds/forge';

import type { ApiParts } from '../api-parts.js';
import { boundEvent } from './bound-event.js';
import { repositoryOf } from './repository-of.js';

/**
 * Starts the workflows of a push that nobody has sent a webhook of: somebody looked, and found it. Telling of it again, from
 * another replica for instance, starts nothing; neither does a push of which a webhook told as well.
 *
 * @returns whether it was new to a workflow's repository
 */
export async function startWorkflowsOfPush({ store }: Pick<ApiParts, 'store'>, event: PushEvent): Promise<boolean> {
  const { ref, before = '', head } = event;
  const deliveryId = `poll:${ref.type}:${ref.name}:${before}:${head?.id ?? ''}`;
  const hooks = await Promise.all(event.repository.cloneUrls.map((url) => store.hooks.listOf(repositoryOf(url))));
  const ids = new Set(hooks.flat().map(({ id }) => id));
  const recorded = await Promise.all(
    [...ids].map((hookId) => store.receivedDeliveries.record({ hookId, deliveryId, events: [boundEvent(event)] })),
  );
  return recorded.includes(true);
}
