import { chmod } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { createEncryptionKey } from '@convox-builds/store';
import { createTemporaryFolder, type SpawnOptions, searchPath, spawnService } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

const MAIN = fileURLToPath(new URL('main.js', import.meta.url));
const NOBODY = 65_534;

/** Starts a worker that cannot start, and answers how it ends. Nothing of what it names is there. */
async function startInVain(t: ExecutionContext, options: SpawnOptions) {
  const folder = await createTemporaryFolder();
  t.teardown(folder.remove);
  await chmod(folder.path, 0o777);
  const env = {
    PATH: searchPath(),
    DATABASE_URL: 'postgres://127.0.0.1:1/nothing',
    REDIS_URL: 'redis://127.0.0.1:1',
    REGISTRY_HOST: '127.0.0.1:1',
    OBJECTS_FOLDER: folder.path,
    WORKER_FOLDER: `${folder.path}/worker`,
    ENCRYPTION_KEY: createEncryptionKey(),
    ...options.env,
  };
  const worker = await spawnService(process.execPath, [MAIN], { ...options, env });
  const { code } = await worker.exited;
  return { code, output: worker.output() };
}

test('a worker that may make no namespaces says so in one line, with what to do, and ends', async (t) => {
  const { code, output } = await startInVain(t, { uid: NOBODY });
  t.is(code, 1);
  t.regex(
    output,
    /^Cannot start: namespaces: none can be made \([^\n]+\): the worker runs as user 65534: run it[^\n]+\n$/,
  );
});

test('a worker whose disk can never have what it needs says so in one line, and ends', async (t) => {
  const { code, output } = await startInVain(t, { env: { MIN_FREE_DISK_BYTES: String(1e15) } });
  t.is(code, 1);
  t.regex(output, /^Cannot start: disk: [^\n]+, 1000000\.0 GB needed: give it a larger disk\n$/);
});
