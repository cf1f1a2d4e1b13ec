import { gitServerName, parseGitUrl } from '@convox-builds/domain';
import type { WorkflowRecord } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';

const isPolled = ({ enabled, kind, options }: WorkflowRecord) =>
  enabled && kind === 'deployment' && options.poll === true;

/** Has those repositories looked at that a workflow wants to be, and no others. */
export async function choosePolls({ store }: Pick<ApiParts, 'store'>): Promise<void> {
  const wanted = new Set<string>();
  for (const { app, url } of (await store.workflows.list()).filter(isPolled)) {
    const server = gitServerName(parseGitUrl(url).source);
    wanted.add(await store.polledRepositories.add({ app, remote: url, server }));
  }
  for (const { name } of await store.apps.list()) {
    for (const { id } of await store.polledRepositories.list(name)) {
      if (!wanted.has(id)) await store.polledRepositories.remove(id);
    }
  }
}
