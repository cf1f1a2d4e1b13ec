import {
  type Check,
  checkClocks,
  checkDatabase,
  checkObjects,
  checkRedis,
  checkRegistry,
  failed,
  ok,
  warning,
} from '@convox-builds/doctor';
import type { ListedWorker, Store } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';

const count = (workers: readonly ListedWorker[], what: string) => `${workers.length} ${what}`;

/** There is somebody to build. */
function checkWorkers({ workers }: Pick<Store, 'workers'>): Check {
  return {
    name: 'workers',
    run: async () => {
      const heard = (await workers.list()).filter(({ isSilent }) => !isSilent);
      const ready = heard.filter(({ state }) => state === 'ready');
      const slots = ready.reduce((sum, worker) => sum + worker.slots, 0);
      if (ready.length > 0) return ok(`${count(ready, 'ready')}, ${slots} builds at once`);
      return heard.length > 0
        ? warning(`none is ready (${count(heard, 'full or draining')}): builds wait; see what is found on them`)
        : failed('none was heard of: builds wait; see that the workers run and reach the database');
    },
  };
}

/** Nobody told the api where the registry is: then it has nothing to do with it. */
function registryChecks({ registry }: Pick<ApiParts, 'registry'>): Check[] {
  return registry === undefined ? [] : [checkRegistry(registry.client, registry)];
}

/** What the whole rack needs, as an api sees it. */
export function rackChecks(parts: Pick<ApiParts, 'settings' | 'store' | 'objects' | 'registry'>): Check[] {
  const { settings, store, objects } = parts;
  return [
    checkDatabase(store),
    checkRedis(settings.redisUrl),
    checkClocks(store, settings.redisUrl),
    ...registryChecks(parts),
    checkObjects(objects),
    checkWorkers(store),
  ];
}
