import { listOwnServices, parseGitUrl } from '@convox-builds/domain';
import { listRemoteRefs } from '@convox-builds/git-source';
import { startLoop } from '@convox-builds/runtime';
import { findStoredGitAccess } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { startWorkflowsOfPush } from '../workflows/start-workflows-of-push.js';
import { choosePolls } from './choose-polls.js';
import { startPoller } from './poller.js';
import { pushOf } from './push-of.js';

const CHOOSE_EVERY_MS = 5000;
const LOOK_WITHIN_MS = 60_000;

/** Looks at the repositories of workflows whose servers send no webhooks, together with the other replicas. */
export function startPolling(parts: ApiParts): { readonly close: () => Promise<void> } {
  const { settings, store, logger } = parts;
  const { openNetworks, caFile, everyMs } = settings.polls;
  const ownServices = listOwnServices(settings);
  const choosing = startLoop(
    () =>
      choosePolls(parts).catch((error: unknown) =>
        logger.warn({ err: error }, 'Cannot choose which repositories to poll'),
      ),
    { everyMs: CHOOSE_EVERY_MS },
  );
  const poller = startPoller({
    store,
    logger,
    everyMs,
    timeoutMs: LOOK_WITHIN_MS,
    list: ({ app = '', remote }, signal) =>
      listRemoteRefs(
        {
          source: parseGitUrl(remote).source,
          findAccess: (source, isOpened) =>
            findStoredGitAccess(source, { app, isOpened }, { store, secretBox: settings.secretBox }),
          signal,
        },
        { openNetworks, ownServices, caFile, searchPath: settings.searchPath, timeoutMs: LOOK_WITHIN_MS },
      ),
    onChange: async ({ remote }, change) => {
      const push = pushOf(remote, change);
      if (push !== undefined) await startWorkflowsOfPush(parts, push);
    },
  });
  return {
    close: async () => {
      await choosing.stop();
      await poller.close();
    },
  };
}
