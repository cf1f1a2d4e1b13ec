import { setTimeout as sleep } from 'node:timers/promises';

import { logChannel } from '@convox-builds/domain';
import type { Claim } from '@convox-builds/store';
import test from 'ava';
import { Redis } from 'ioredis';

import { claimTestBuild } from '../testing/claim-build.js';
import { openLog } from '../testing/read-log.js';
import { bytesOfEvent, openLogEvents, readEvents } from '../testing/read-log-events.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';

const FLOOD_BYTES = 40 * 1024 * 1024;
const CHUNK = Buffer.alloc(256 * 1024, 'flood of a build that prints and prints\n');

const logPath = ({ buildId }: Claim) => `/apps/web/builds/${buildId}/logs`;

async function append(api: TestApi, redis: Redis, claim: Claim, bytes: Buffer): Promise<void> {
  const seq = await api.store.logs.append(claim, bytes);
  await redis.publish(logChannel(claim.buildId), String(seq));
}

async function countEventBytes(api: TestApi, claim: Claim): Promise<number> {
  let count = 0;
  for await (const event of readEvents(await openLogEvents(api.port, logPath(claim)))) {
    count += bytesOfEvent(event).length;
  }
  return count;
}

test("log stream: a build's lines come in time beside another that floods", async (t) => {
  const api = await startTestApi();
  const redis = new Redis(api.redis.url);
  t.teardown(async () => {
    redis.disconnect();
    await api.stop();
  });
  const [ticking, flooding] = [await claimTestBuild(api.store, 'web'), await claimTestBuild(api.store, 'web')];
  const delays: number[] = [];
  const ticks = openLog(api.port, logPath(ticking));
  ticks.socket.on('message', (data: Buffer) => {
    for (const [, at] of data.toString().matchAll(/^tick (\S+)$/gm)) delays.push(performance.now() - Number(at));
  });
  const floods = [openLog(api.port, logPath(flooding)).ended.then(({ bytes }) => bytes.length)];
  floods.push(countEventBytes(api, flooding));
  let isFlooding = true;
  let sent = 0;
  const flooded = (async () => {
    for (let bytes = 0; bytes < FLOOD_BYTES; bytes += CHUNK.length) await append(api, redis, flooding, CHUNK);
    await api.store.attempts.fail(flooding, { failureClass: 'user', reason: 'exit code 1' });
    t.deepEqual(await Promise.all(floods), [FLOOD_BYTES, FLOOD_BYTES]);
    isFlooding = false;
  })();
  while (isFlooding) {
    await append(api, redis, ticking, Buffer.from(`tick ${performance.now()}\n`));
    sent++;
    await sleep(50);
  }
  const delivered = delays.length;
  await flooded;
  await api.store.attempts.fail(ticking, { failureClass: 'user', reason: 'exit code 1' });
  await ticks.ended;
  delays.sort((a, b) => a - b);
  const [median = 0, worst = 0] = [delays[Math.floor(delays.length / 2)], delays.at(-1)];
  t.log(`${delays.length} lines, median ${Math.round(median)} ms, worst ${Math.round(worst)} ms`);
  t.true(delivered > sent / 2, `${delivered} of ${sent} lines came while the flood lasted`);
});
