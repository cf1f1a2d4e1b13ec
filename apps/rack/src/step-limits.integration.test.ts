import test from 'ava';

import { createSource } from './testing/create-source.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

let rack: TestRack;

test.before(async () => {
  rack = await startTestRack();
});
test.after.always(() => rack?.stop());

/** The limits of the step's own control group, in the words of cgroup v1 or v2. */
const SHOW_LIMITS = `FROM busybox
RUN cd /sys/fs/cgroup && cat memory/memory.limit_in_bytes memory.max 2>/dev/null | sed 's/^/memory=/'; \\
  cat cpu/cpu.cfs_quota_us cpu.max 2>/dev/null | sed 's/ .*//; s/^/quota=/'
`;
/** Takes twice as much memory again and again. */
const TAKE_MEMORY = `FROM busybox
RUN awk 'BEGIN { s = "x"; while (1) s = s s }'
`;

test('BuildMem and BuildCpu limit each RUN step of the app, and no step of another app', async (t) => {
  await rack.convox(['apps', 'create', 'small']);
  await rack.convox(['apps', 'params', 'set', 'BuildMem=64', 'BuildCpu=500', '--app', 'small']);
  await rack.convox(['apps', 'create', 'large']);
  const source = await createSource(t, { Dockerfile: SHOW_LIMITS });
  const small = await rack.convox(['build', '--app', 'small'], source);
  t.is(small.code, 0, small.stdout + small.stderr);
  t.regex(small.stdout, /^Each RUN step may take 64 MiB of memory \(BuildMem\) and 0\.5 CPUs \(BuildCpu\)$/m);
  t.regex(small.stdout, /memory=67108864$/m);
  t.regex(small.stdout, /quota=50000$/m);
  const large = await rack.convox(['build', '--no-cache', '--app', 'large'], source);
  t.is(large.code, 0, large.stdout + large.stderr);
  t.notRegex(large.stdout, /Each RUN step may take|memory=67108864$|quota=50000$/m);
});

test('BuildMem: a step that takes more is killed, is told so and is not tried again; the next build goes on', async (t) => {
  await rack.convox(['apps', 'create', 'greedy']);
  await rack.convox(['apps', 'params', 'set', 'BuildMem=64', '--app', 'greedy']);
  const { code, stderr } = await rack.convox(
    ['build', '--app', 'greedy'],
    await createSource(t, { Dockerfile: TAKE_MEMORY }),
  );
  t.is(code, 1);
  t.regex(stderr, /Dockerfile line 2: .*\((?:killed, probably )?out of memory: BuildMem of the app allows 64 MiB\)\n$/);
  const [build] = await rack.json<{ id: string }[]>('builds', '--app', 'greedy');
  const { failure, attempts } = await rack.json<{ failure: string; attempts: object[] }>(
    'builds',
    'info',
    build?.id ?? '',
    '--app',
    'greedy',
  );
  t.is(failure, 'limits');
  t.is(attempts.length, 1);
  const next = await createSource(t, { Dockerfile: 'FROM busybox\nRUN echo fine\n' });
  t.is((await rack.convox(['build', '--app', 'greedy'], next)).code, 0);
});
