import { type BuildHistoryEvent, listenBuildHistory } from '../control/build-history.js';
import type { BuildkitClient } from '../control/buildkit-client.js';

/** What the daemon's history has now. */
export async function listBuildHistory(client: BuildkitClient): Promise<BuildHistoryEvent[]> {
  const events: BuildHistoryEvent[] = [];
  for await (const event of listenBuildHistory(client, { isFollowing: false })) events.push(event);
  return events;
}
