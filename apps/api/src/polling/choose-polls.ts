import { gitServerName, parseGitUrl } from '@convox-builds/domain';
import type { WorkflowRecord } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';

const isPolled = ({ enabled, kind, options }: WorkflowRecord) =>
  enabled && kind === 'deployment' && options.poll === true;

const keyOf = (app: string | undefined, remote: string) => `${app} ${remote}`;

/** Has those repositories looked at that a workflow wants to be, and no others. What is right already costs two queries. */
export async function choosePolls({ store }: Pick<ApiParts, 'store'>): Promise<void> {
  const wanted = (await store.workflows.list()).filter(isPolled);
  const polled = await store.polledRepositories.listOfApps();
  const wantedKeys = new Set(wanted.map(({ app, url }) => keyOf(app, url)));
  const polledKeys = new Set(polled.map(({ app, remote }) => keyOf(app, remote)));
  for (const { app, url } of wanted) {
    if (polledKeys.has(keyOf(app, url))) continue;
    await store.polledRepositories.add({ app, remote: url, server: gitServerName(parseGitUrl(url).source) });
  }
  for (const { id, app, remote } of polled) {
    if (!wantedKeys.has(keyOf(app, remote))) await store.polledRepositories.remove(id);
  }
}
