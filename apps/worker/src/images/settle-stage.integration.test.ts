import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { createDirectorySource, fileSync, openSession } from '@convox-builds/buildkit-client';
import { startTestBuildkitd, type TestBuildkitd } from '@convox-builds/buildkit-client/testing';
import { createTemporaryFolder } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import type { WorkerParts } from '../worker-parts.js';
import type { ImageToBuild } from './image-to-build.js';
import { settleStage } from './settle-stage.js';

let daemon: TestBuildkitd;

test.before(async () => {
  daemon = await startTestBuildkitd();
});

test.after.always(() => daemon?.stop());

const DOCKERFILE = 'FROM scratch AS development\nARG API_URL\nFROM scratch AS production\n';
const PLANNED = { target: 'production', args: { GIVEN: '1' }, declared: undefined };

/** Settles the stage of a development build of a Dockerfile, which comes after a time. */
async function settle(t: ExecutionContext, dockerfile: string, { delayMs = 0 } = {}) {
  const folder = await createTemporaryFolder();
  await writeFile(join(folder.path, 'Dockerfile'), dockerfile);
  const files = await createDirectorySource(folder.path);
  const source: typeof files = {
    ...files,
    read: async function* (entry) {
      await sleep(delayMs);
      yield* files.read(entry);
    },
  };
  const attachables = [fileSync({ sources: { context: source, dockerfile: source } })];
  const session = openSession(daemon.client, { sharedKey: folder.path, attachables });
  t.teardown(async () => {
    await session.close();
    await folder.remove();
  });
  const { target, args } = PLANNED;
  const build = {
    attempt: { environment: new Map([['API_URL', 'https://api']]), build: { options: { development: true } } },
    image: { path: '.', dockerfile: 'Dockerfile', target, args, secrets: [], platforms: [] },
    sessions: { of: () => session },
    signal: new AbortController().signal,
  } as unknown as ImageToBuild;
  return settleStage(build, { buildkitd: { client: async () => daemon.client } } as unknown as WorkerParts);
}

test('settleStage() waits for an answer that takes long: the image is no other for it', async (t) => {
  t.deepEqual(await settle(t, DOCKERFILE, { delayMs: 11_000 }), {
    target: 'development',
    args: { API_URL: 'https://api', GIVEN: '1' },
    declared: ['API_URL'],
  });
});

test('settleStage() leaves what is wrong with the Dockerfile to the solve', async (t) => {
  t.deepEqual(await settle(t, 'FROM scratch\nNONSENSE'), PLANNED);
});

test('settleStage() without an answer fails', async (t) => {
  await t.throwsAsync(settle(t, 'FROM 127.0.0.1:9/base AS development\nARG API_URL'), {
    message: /connection refused/,
  });
});
