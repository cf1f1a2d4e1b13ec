import { copyImage } from '@convox-builds/registry';
import { type FaultyFront, startFaultyFront, startRegistry, type TestRegistry } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { createSource } from './testing/create-source.js';
import { createRackRegistryClient } from './testing/read-image-config.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

let rack: TestRack;
let registry: TestRegistry;
let front: FaultyFront;
/** The front of the registry. */
let host: string;

interface WireBuild {
  readonly id: string;
  readonly images: Readonly<Record<string, { digest: string }>>;
  readonly bases: readonly { image: string; digest: string }[];
}

async function newestBuild(app: string): Promise<WireBuild> {
  const [{ id } = { id: '' }] = await rack.json<WireBuild[]>('builds', '--app', app);
  return rack.json<WireBuild>('builds', 'info', id, '--app', app);
}

async function build(app: string, source: string) {
  await rack.convox(['apps', 'create', app]);
  const ended = await rack.convox(['build', '--app', app], source);
  return { ...ended, build: await newestBuild(app) };
}

/** Two images that tell which one they are, under the tags `first` and `second` of `base`. */
async function publishBases(t: ExecutionContext): Promise<WireBuild['images']> {
  const service = (name: string) => `  ${name}: {build: {args: [WHICH=${name}]}}\n`;
  const source = await createSource(t, {
    'convox.yml': `services:\n${service('first')}${service('second')}`,
    Dockerfile: 'FROM busybox\nARG WHICH\nRUN echo "$WHICH" > /which\n',
  });
  const { images } = (await build('bases', source)).build;
  const client = createRackRegistryClient(rack);
  const target = { registry: registry.host, repository: 'base' };
  for (const [tag, { digest }] of Object.entries(images)) {
    await copyImage(client, { source: { registry: rack.registryHost, repository: 'bases', digest }, target });
    await client.tag({ ...target, digest }, tag);
  }
  return images;
}

test.before(async () => {
  [rack, registry] = await Promise.all([startTestRack(), startRegistry()]);
  front = await startFaultyFront(`http://${registry.host}`);
  host = new URL(front.url).host;
});
test.after.always(async () => {
  front?.close();
  await Promise.all([rack?.stop(), registry?.stop()]);
});

const TAG_PATH = /\/base\/manifests\/moving$/;

test.serial('all services of a build have the same base image, though its tag moves all the time', async (t) => {
  const published = await publishBases(t);
  let asked = 0;
  front.fail(({ path }) =>
    TAG_PATH.test(path) ? { insteadPath: path.replace('moving', asked++ % 2 === 0 ? 'first' : 'second') } : undefined,
  );
  const from = (step: string) => `FROM ${host}/base:moving\nRUN echo ${step} $(cat /which)\n`;
  const services = ['web', 'api', 'jobs'];
  const source = await createSource(t, {
    'convox.yml': `services:\n${services.map((name) => `  ${name}: {build: ${name}}\n`).join('')}`,
    ...Object.fromEntries(services.map((name) => [`${name}/Dockerfile`, from(name)])),
  });
  const { code, stdout, stderr, build: made } = await build('shop', source);
  t.is(code, 0, stdout + stderr);
  const words = [...stdout.matchAll(/ (web|api|jobs) (first|second)$/gm)].map(([, , word]) => word);
  t.is(words.length, 3, stdout);
  t.is(new Set(words).size, 1, stdout);
  const digest = published[words[0] ?? '']?.digest ?? '';
  t.deepEqual(made.bases, [{ image: `${host}/base:moving`, digest }]);
  const info = await rack.convox(['builds', 'info', made.id, '--app', 'shop']);
  t.true(info.stdout.includes(`${host}/base:moving@${digest}`), info.stdout);
});

test.serial('a registry that limits pulls is waited for, and the log says so', async (t) => {
  await publishBases(t);
  await rack.convox(['apps', 'create', 'patient']);
  await rack.convox(['env', 'set', 'GREETING=hello', '--app', 'patient']);
  let left = 8;
  front.fail(({ path }) => (path.includes('/manifests/') && left-- > 0 ? { status: 429 } : undefined));
  const source = await createSource(t, {
    Dockerfile: `FROM ${host}/base:second\nARG GREETING\nRUN test "$GREETING" = hello\n`,
  });
  const { code, stdout, stderr } = await build('patient', source);
  t.is(code, 0, `the environment is not forgotten over it: ${stdout}${stderr}`);
  t.true(
    stdout.includes(`web registry ${host} limits how much may be pulled (429 Too Many Requests): trying again in 5 s`),
    stdout,
  );
});
