import { createTemporaryFolder } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { createBridge, removeBridge } from './create-bridge.js';
import type { NetworkNames } from './run-network-rules.js';

/** A worker with a folder of its own, which may start again and again. */
async function createWorker(t: ExecutionContext): Promise<() => Promise<NetworkNames>> {
  const { path, remove } = await createTemporaryFolder();
  t.teardown(remove);
  return async () => {
    const names = await createBridge(path);
    t.teardown(() => removeBridge(names));
    return names;
  };
}

// One after the other: what a test takes away at its end must not be another's by then.
test.serial(
  'promise 6: createBridge() gives a worker that was killed its own again, and no two the same',
  async (t) => {
    const [start, startOther] = [await createWorker(t), await createWorker(t)];
    const names = await start();
    const other = await startOther();
    t.not(other.bridge, names.bridge);
    t.deepEqual(await start(), names);
    t.deepEqual(await startOther(), other);
  },
);

test.serial('promise 6: createBridge() takes no bridge that has become the one of another worker', async (t) => {
  const [start, startOther] = [await createWorker(t), await createWorker(t)];
  await removeBridge(await start());
  const other = await startOther();
  t.not((await start()).bridge, other.bridge);
  t.deepEqual(await startOther(), other);
});
