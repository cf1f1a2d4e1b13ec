import test, { type ExecutionContext } from 'ava';

import { createSource } from './testing/create-source.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

let rack: TestRack;

test.before(async () => {
  rack = await startTestRack();
});
test.after.always(() => rack?.stop());

async function build(t: ExecutionContext, app: string, source: string): Promise<string> {
  const { code, stdout, stderr } = await rack.convox(['build', '--app', app], source);
  t.is(code, 0, stdout + stderr);
  return stdout;
}

const CANARY = 'canary-8d2f60b7';

/** The first step leaves what it was given, and the second tells what it finds in a cache that has a name. */
const DOCKERFILE = `FROM busybox
RUN --mount=type=secret,id=KEY cat /run/secrets/KEY > /kept || echo nothing > /kept
RUN --mount=type=cache,id=shared,target=/shared echo "cache has: $(ls /shared)"; touch /shared/canary
RUN echo "kept: $(cat /kept)"
`;

const WITH_SECRET = 'services:\n  web: {build: {secrets: [KEY]}}\n';

test('promise 6: apps with equal Dockerfiles see nothing of each other, neither layers nor cache mounts', async (t) => {
  for (const app of ['one', 'two']) await rack.convox(['apps', 'create', app]);
  await rack.convox(['env', 'set', `KEY=${CANARY}`, '--app', 'one']);
  const source = await createSource(t, { 'convox.yml': WITH_SECRET, Dockerfile: DOCKERFILE });
  t.regex(await build(t, 'one', source), /cache has: $/m);
  const stranger = await build(t, 'two', source);
  t.regex(stranger, /cache has: $/m, 'a cache mount');
  t.regex(stranger, /kept: nothing$/m, 'a layer');
  t.false(stranger.includes(CANARY));
  t.regex(await build(t, 'one', source), /^web 3 steps: 3 local, 0 registry, 0 built$/m, 'its own are still there');
});

/** Prints another word whenever it is run, and what it finds in its cache mount. */
const RENEWING = `FROM busybox
RUN --mount=type=cache,target=/kept cat /proc/sys/kernel/random/uuid > /word; echo "cache has: $(ls /kept)"; touch /kept/mark
COPY main /main
`;

interface WireBuild {
  readonly images: Readonly<Record<string, { digest: string }>>;
}

test('convox cache reset: the next build runs every step anew, and those after it have what it made', async (t) => {
  await rack.convox(['apps', 'create', 'reset']);
  await rack.convox(['apps', 'params', 'set', 'Reproducible=true', 'Cache=always', '--app', 'reset']);
  const source = await createSource(t, { Dockerfile: RENEWING, main: 'main\n' });
  const make = async () => {
    const log = await build(t, 'reset', source);
    const [newest] = await rack.json<WireBuild[]>('builds', '--app', 'reset');
    return { log, digest: newest?.images['web']?.digest ?? '' };
  };
  const first = await make();
  t.is((await make()).digest, first.digest);
  const reset = await rack.convox(['cache', 'reset', '--app', 'reset']);
  t.is(reset.code, 0, reset.stderr);
  const renewed = await make();
  t.regex(renewed.log, /cache has: $/m);
  t.regex(renewed.log, /^web 2 steps: 0 local, 0 registry, 2 built$/m);
  t.not(renewed.digest, first.digest);
  t.is((await make()).digest, renewed.digest, 'the new layers count, not the old ones');
});
