// The thread that renews the leases of this worker's builds. The main thread may be busy for a while without losing them;
// but a main thread that never comes back must not keep them for ever.

import { parentPort, workerData } from 'node:worker_threads';

import { openLeases } from '@convox-builds/store';

import { keepLease } from './keep-lease.js';
import { type FromLeaseThread, keyOf, type LeaseThreadData, type ToLeaseThread } from './lease-messages.js';

const TICK_MS = 1000;
/** Counted in ticks and not in time: a process that was frozen as a whole has not been silent. */
const SILENT_TICKS = 60;

const { databaseUrl, leaseMs } = workerData as LeaseThreadData;
const leases = openLeases(databaseUrl);
const kept = new Map<string, { stop: () => void }>();
let silentTicks = 0;

const watchdog = setInterval(() => {
  // Nothing in this process can end it in order any more.
  if (silentTicks++ >= SILENT_TICKS) process.kill(process.pid, 'SIGKILL');
}, TICK_MS);

async function close(): Promise<void> {
  clearInterval(watchdog);
  for (const { stop } of kept.values()) stop();
  await leases.close();
  parentPort?.close();
}

parentPort?.on('message', (message: ToLeaseThread) => {
  silentTicks = 0;
  if (message.type === 'alive') return;
  if (message.type === 'close') return void close();
  const key = keyOf(message.claim);
  kept.get(key)?.stop();
  kept.delete(key);
  if (message.type === 'drop') return;
  const { claim } = message;
  const onLost = ({ isLapsed }: { isLapsed: boolean }) => {
    const loss: FromLeaseThread = { lost: claim, isLapsed };
    parentPort?.postMessage(loss);
  };
  kept.set(key, keepLease({ leases, claim, leaseMs, onLost }));
});
