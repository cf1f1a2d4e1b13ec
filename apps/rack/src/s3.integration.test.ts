import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type FaultyFront, startFaultyFront, startS3, type TestS3, waitUntil } from '@convox-builds/testing';
import test from 'ava';

import { assertMemoryIsFlat } from './testing/assert-memory-is-flat.js';
import { createSource } from './testing/create-source.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

let s3: TestS3;
/** Between the rack and S3, and between clients and S3. */
let front: FaultyFront;
let clientFront: FaultyFront;
let rack: TestRack;

test.before(async () => {
  s3 = await startS3();
  const { OBJECTS_URL, S3_ENDPOINT = '' } = s3.environment;
  [front, clientFront] = await Promise.all([startFaultyFront(S3_ENDPOINT), startFaultyFront(S3_ENDPOINT)]);
  const environment = {
    ...s3.environment,
    OBJECTS_URL: `${OBJECTS_URL}/rack`,
    S3_ENDPOINT: front.url,
    S3_PUBLIC_ENDPOINT: clientFront.url,
  };
  rack = await startTestRack({ environment });
});

test.after.always(async () => {
  await rack?.stop();
  front?.close();
  clientFront?.close();
  await s3?.stop();
});

interface WireBuild {
  readonly id: string;
  readonly state: string;
  readonly release: string;
  readonly images: Readonly<Record<string, { digest: string }>>;
}

const folderOf = (app: string, ...path: readonly string[]) => join(s3.folder, 'rack', app, ...path);
const listFiles = (folder: string) => readdir(folder).catch(() => []);

/** Waits until a log has left the database. */
async function waitForLogObject(app: string, id: string): Promise<void> {
  const isThere = async () => (await listFiles(folderOf(app, 'build', id))).some((name) => name.endsWith('.gz'));
  await waitUntil(isThere, { what: `the log of ${id} is in S3`, timeoutMs: 120_000 });
}

test.serial('three services are built from a source in S3, which has not passed through the rack', async (t) => {
  await rack.convox(['apps', 'create', 'whole']);
  const source = await createSource(t, {
    'convox.yml': `
services:
  web: {build: .}
  tool: {build: {path: tool}}
  proxy: {image: busybox}
`,
    Dockerfile: 'FROM busybox\nCOPY large /\nRUN sha256sum /large\n',
    'tool/Dockerfile': 'FROM busybox\nRUN echo from S3\n',
  });
  const large = randomBytes(20_000_000);
  await writeFile(join(source, 'large'), large);
  const { code, stdout, stderr } = await rack.convox(['build', '--app', 'whole'], source);
  t.is(code, 0, stderr);
  t.true(stdout.includes(createHash('sha256').update(large).digest('hex')), 'what was built is what was sent');
  t.false(
    front.seen.some(({ method, path }) => method === 'PUT' && path.includes('/whole/tmp/')),
    'the rack itself stored no source',
  );
  const [build] = await rack.json<WireBuild[]>('builds', '--app', 'whole');
  t.like(build, { state: 'complete' });
  t.deepEqual(Object.keys(build?.images ?? {}), ['web', 'tool', 'proxy']);
  t.is((await listFiles(folderOf('whole', 'tmp'))).length, 1);
  t.false(existsSync(join(rack.folder, 'objects')));

  const id = build?.id ?? '';
  await waitForLogObject('whole', id);
  const log = await rack.convox(['builds', 'logs', id, '--app', 'whole']);
  t.true(stdout.includes(log.stdout) && log.stdout.includes('from S3'), 'what was streamed is what is stored');
});

test.serial('a build moves out of a rack on S3 and into it again, with its log', async (t) => {
  const [build] = await rack.json<WireBuild[]>('builds', '--app', 'whole');
  const archive = join(rack.folder, 'build.tgz');
  const exported = await rack.convox(['builds', 'export', build?.id ?? '', '--app', 'whole', '--file', archive]);
  t.is(exported.code, 0, exported.stderr);
  await rack.convox(['apps', 'create', 'moved']);
  const imported = await rack.convox(['builds', 'import', '--app', 'moved', '--file', archive]);
  t.is(imported.code, 0, imported.stderr);
  const [copy] = await rack.json<WireBuild[]>('builds', '--app', 'moved');
  t.deepEqual(copy?.images, build?.images);
  const logs = [];
  for (const [app, id] of [
    ['whole', build?.id],
    ['moved', copy?.id],
  ] as const)
    logs.push((await rack.convox(['builds', 'logs', id ?? '', '--app', app])).stdout);
  t.is(logs[1], logs[0]);
  t.deepEqual(await listFiles(folderOf('moved', 'build', copy?.id ?? '')), ['logs-imported.gz']);
});

test.serial('promise 5: S3 that answers 503 and cuts downloads delays a build', async (t) => {
  await rack.convox(['apps', 'create', 'patient']);
  const source = await createSource(t, { Dockerfile: 'FROM busybox\nCOPY large /\n' });
  await writeFile(join(source, 'large'), randomBytes(20_000_000));
  const until = performance.now() + 10_000;
  let met = 0;
  front.fail(({ method }) => {
    if (performance.now() > until || met++ % 3 === 0) return undefined;
    return method === 'GET' ? { cutAfterBytes: 1_000_000 } : { status: 503 };
  });
  const { code, stderr } = await rack.convox(['build', '--app', 'patient'], source);
  front.fail(() => undefined);
  t.is(code, 0, stderr);
  t.true(met > 3, String(met));
  const [build] = await rack.json<WireBuild[]>('builds', '--app', 'patient');
  t.like(build, { state: 'complete' });
});

test.serial('parts that S3 does not take, or whose answers get lost, are sent again', async (t) => {
  await rack.convox(['apps', 'create', 'again']);
  const large = randomBytes(20_000_000);
  const source = await createSource(t, { Dockerfile: 'FROM busybox\nCOPY large /\nRUN sha256sum /large\n' });
  await writeFile(join(source, 'large'), large);
  let sent = 0;
  clientFront.fail(() => {
    sent++;
    if (sent % 3 === 0) return undefined;
    return sent % 3 === 1 ? { isAnswerLost: true } : { status: 503 };
  });
  const { code, stdout, stderr } = await rack.convox(['build', '--app', 'again'], source);
  clientFront.fail(() => undefined);
  t.is(code, 0, stderr);
  t.true(stdout.includes(createHash('sha256').update(large).digest('hex')), 'what was built is what was sent');
  t.true(sent > 3, String(sent));
});

test.serial('where clients cannot reach S3, the source goes through the rack', async (t) => {
  await rack.convox(['apps', 'create', 'walled']);
  const source = await createSource(t, { Dockerfile: 'FROM busybox\nCOPY large /\n' });
  await writeFile(join(source, 'large'), randomBytes(20_000_000));
  const walled = await startTestRack({
    environment: { ...s3.environment, OBJECTS_URL: 's3://objects/walled', S3_PUBLIC_ENDPOINT: 'http://127.0.0.1:9' },
  });
  t.teardown(walled.stop);
  await walled.convox(['apps', 'create', 'walled']);
  const { code, stderr } = await walled.convox(['build', '--app', 'walled'], source);
  t.is(code, 0, stderr);
  t.regex(
    stderr,
    /warning: cannot reach the rack's object storage at 127\.0\.0\.1:9: .*; sending the source through the rack/,
  );
});

test.serial('promise 9: 256 MiB of source and of log take no more memory than 1 MiB, on S3 too', (t) =>
  assertMemoryIsFlat(t, rack),
);

test.serial('promise 7: who the rack is at S3 is in no log and no list', async (t) => {
  t.notRegex(rack.service.output(), /test-secret-that-nobody-may-see|X-Amz-Signature/);
  const builds = await rack.convox(['builds', '--app', 'whole', '--json']);
  t.notRegex(builds.stdout, /test-secret|X-Amz/);
});
