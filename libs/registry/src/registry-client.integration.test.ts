import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { startRegistry, type TestRegistry } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { copyImage } from './copy-image.js';
import { createRegistryClient } from './create-registry-client.js';
import { parseManifest } from './descriptor.js';
import type { RegistryCredentials, RegistryScope } from './registry-access.js';
import type { RegistryClient } from './registry-client.js';
import { RegistryError } from './registry-error.js';
import { pushTestImage, pushTestImageOf, pushTestIndex } from './testing/push-test-image.js';
import { startTokenRegistry } from './testing/start-token-registry.js';
import { digestOf } from './verify-digest.js';

let one: TestRegistry;
let other: TestRegistry;

test.before(async () => {
  [one, other] = await Promise.all([startRegistry(), startRegistry()]);
});

test.after.always(() => Promise.all([one?.stop(), other?.stop()]));

function createClient(credentials?: RegistryCredentials, mirrors: readonly string[] = []): RegistryClient {
  const access = { isPlainHttp: () => true, mirrors: () => mirrors, credentials: async () => credentials };
  return createRegistryClient({ access });
}

test('a client gets back what it put, under digest and tag', async (t) => {
  const client = createClient();
  const target = { registry: one.host, repository: 'team/app' };
  const { digest } = await pushTestImage(client, target, 'layer');
  await client.tag({ ...target, digest }, 'v1');
  const byTag = await client.getManifest({ ...target, tag: 'v1' });
  t.is(byTag.descriptor.digest, digest);
  const manifest = parseManifest(byTag.bytes);
  const [layer] = manifest.kind === 'manifest' ? manifest.layers : [];
  t.is(await text(await client.getBlob(target, layer ?? t.fail())), 'layer');
});

test('putBlob() does not send what is there', async (t) => {
  const client = createClient();
  const target = { registry: one.host, repository: 'once' };
  const bytes = Buffer.from('content');
  const descriptor = { mediaType: 'x', digest: digestOf(bytes), size: bytes.length };
  await client.putBlob(target, descriptor, async () => Readable.from([bytes]));
  await client.putBlob(target, descriptor, () => t.fail('opened again'));
  t.true(await client.hasBlob(target, descriptor.digest));
  t.false(await client.hasBlob(target, digestOf(Buffer.from('else'))));
});

test('copyImage() copies an index with all platforms, unchanged', async (t) => {
  const client = createClient();
  const source = { registry: one.host, repository: 'multi' };
  const target = { registry: other.host, repository: 'copied' };
  const images = [await pushTestImage(client, source, 'amd64'), await pushTestImage(client, source, 'arm64')];
  const index = await pushTestIndex(client, source, images);
  const copied = await copyImage(client, { source: { ...source, digest: index.digest }, target });
  t.is(copied.digest, index.digest);
  for (const { digest } of [index, ...images]) {
    t.is((await client.getManifest({ ...target, digest })).descriptor.digest, digest);
  }
});

test('getManifest() of what is not there is not found, by name', async (t) => {
  const error = await t.throwsAsync(
    createClient().getManifest({ registry: one.host, repository: 'absent', tag: 'x' }),
    {
      instanceOf: RegistryError,
    },
  );
  t.like(error, { code: 'not-found', status: 404 });
  t.regex(error?.message ?? '', /absent/);
});

test('getManifest() asks the mirror first, and the registry itself when the mirror has nothing', async (t) => {
  const client = createClient();
  const { digest } = await pushTestImage(client, { registry: one.host, repository: 'mirrored/app' }, 'mirrored');
  const only = await pushTestImage(client, { registry: other.host, repository: 'app' }, 'not mirrored');
  const mirrored = createClient(undefined, [`${one.host}/mirrored`]);
  const found = await mirrored.getManifest({ registry: other.host, repository: 'app', digest });
  t.is(found.descriptor.digest, digest);
  const own = await mirrored.getManifest({ registry: other.host, repository: 'app', digest: only.digest });
  t.is(own.descriptor.digest, only.digest);
});

test('a registry with passwords lets in who knows one', async (t) => {
  // `htpasswd -nbB me secret`
  const htpasswd = 'me:$2b$05$WVzLXkgLyNu/8rkYWpZtnOm/0nZS0deDkA31dPauQm5nWfjHLXdYu\n';
  const registry = await startRegistry({ auth: { kind: 'basic', htpasswd } });
  t.teardown(registry.stop);
  const target = { registry: registry.host, repository: 'app' };
  const anonymous = await t.throwsAsync(pushTestImage(createClient(), target, 'x'), { instanceOf: RegistryError });
  t.is(anonymous?.code, 'denied');
  const wrong = createClient({ username: 'me', password: 'hunter2' });
  const error = await t.throwsAsync(pushTestImage(wrong, target, 'x'), { instanceOf: RegistryError });
  t.is(error?.code, 'denied');
  t.notRegex(error?.message ?? '', /hunter2/);
  t.regex((await pushTestImage(createClient({ username: 'me', password: 'secret' }), target, 'x')).digest, /^sha256:/);
});

async function openTokenRegistry(t: ExecutionContext) {
  const registry = await startTokenRegistry({ username: 'me', password: 'secret' });
  t.teardown(registry.stop);
  return registry;
}

test('a registry with tokens believes ours, for what they allow and no longer than they last', async (t) => {
  const { host, issue } = await openTokenRegistry(t);
  const push = (repository: string, granted: string, ttlSeconds?: number) => {
    const { token } = issue([{ repository: granted, actions: ['pull', 'push'] }], ttlSeconds);
    return pushTestImage(createClient({ token }), { registry: host, repository }, 'x');
  };
  await t.notThrowsAsync(push('app', 'app'));
  for (const refused of [push('other', 'app'), push('app', 'app', -120)]) {
    t.is((await t.throwsAsync(refused, { instanceOf: RegistryError }))?.code, 'denied');
  }
});

test('putBlob() mounts what another repository of the registry has, and sends it where that is refused', async (t) => {
  const { host, issue } = await openTokenRegistry(t);
  const bytes = Buffer.from('a layer');
  const descriptor = { mediaType: 'x', digest: digestOf(bytes), size: bytes.length };
  const clientFor = (isAllowed: (scope: RegistryScope) => boolean) =>
    createRegistryClient({
      access: {
        isPlainHttp: () => true,
        mirrors: () => [],
        credentials: async (_host, scopes) => issue(scopes.filter(isAllowed)),
      },
    });
  const put = (client: RegistryClient, repository: string, open: () => Promise<Readable>, mountFrom?: string) =>
    client.putBlob({ registry: host, repository }, descriptor, open, { mountFrom });
  const all = clientFor(() => true);
  let sent = 0;
  const send = async () => {
    sent += 1;
    return Readable.from([bytes]);
  };
  await put(all, 'base', send);
  await put(all, 'app', () => t.fail('it was sent'), 'base');
  t.is(await text(await all.getBlob({ registry: host, repository: 'app' }, descriptor)), 'a layer');
  t.is(sent, 1);
  await put(
    clientFor(({ repository }) => repository !== 'base'),
    'other',
    send,
    'base',
  );
  await put(all, 'third', send, 'nothing-here');
  t.is(sent, 3);
});

test('copyImage() within a registry mounts, also from a mirror there, and sends nothing', async (t) => {
  const client = createClient(undefined, [`${one.host}/hub`]);
  const image = await pushTestImage(createClient(), { registry: one.host, repository: 'hub/team/tool' }, 'mounted');
  const target = { registry: one.host, repository: 'copy' };
  const source = { registry: other.host, repository: 'team/tool', digest: image.digest };
  const watched = { ...client, getBlob: () => t.fail('a blob was sent') };
  t.is((await copyImage(watched, { source, target })).digest, image.digest);
  t.is((await client.getManifest({ ...target, digest: image.digest })).descriptor.digest, image.digest);
});

test('copyImage() of large layers keeps nothing of them in memory', async (t) => {
  const client = createClient();
  const [source, target] = [
    { registry: one.host, repository: 'large' },
    { registry: other.host, repository: 'large' },
  ];
  const piece = randomBytes(1024 * 1024);
  const pieces = 192;
  const hash = createHash('sha256');
  for (let index = 0; index < pieces; index++) hash.update(piece);
  const digest = `sha256:${hash.digest('hex')}`;
  const layer = { mediaType: 'application/octet-stream', digest, size: pieces * piece.length };
  await client.putBlob(source, layer, async () => Readable.from(Array.from({ length: pieces }, () => piece)));
  const { digest: image } = await pushTestImageOf(client, source, layer);
  const before = process.memoryUsage.rss();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 5);
  await copyImage(client, { source: { ...source, digest: image }, target });
  clearInterval(timer);
  t.log(`${pieces} MiB copied with ${Math.round((peak - before) / 1024 / 1024)} MiB more`);
  t.true(await client.hasBlob(target, digest));
  t.true(peak - before < 128 * 1024 * 1024, `${peak - before} bytes more`);
});

test('promise 9: a blob of any size is sent without being held, whichever way', async (t) => {
  const client = createClient();
  const target = { registry: one.host, repository: 'streamed' };
  const piece = Buffer.alloc(1024 * 1024);
  const pieces = 200;
  let most = 0;
  async function* content() {
    for (let number = 0; number < pieces; number++) {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
      // Memory that can be told from the last piece's, as a network gives it.
      yield Buffer.from(piece.fill(number));
    }
  }
  const blob = await client.putStream(target, { content: content(), size: pieces * piece.length });
  t.is(blob.size, pieces * piece.length);
  const again = { ...target, repository: 'streamed-again' };
  await client.putBlob(again, { mediaType: 'x', ...blob }, async () => Readable.from(content()));
  t.true(await client.hasBlob(again, blob.digest));
  t.true(most < 100 * 1024 * 1024, `${most} bytes were held`);
});

test('putStream() stores nothing of what fails or is refused', async (t) => {
  const client = createClient();
  const target = { registry: one.host, repository: 'refused' };
  const bytes = Buffer.from('refused content');
  const accept = () => {
    throw new RangeError('not this one');
  };
  await t.throwsAsync(client.putStream(target, { content: Readable.from([bytes]), size: bytes.length }, { accept }), {
    message: 'not this one',
  });
  async function* failing() {
    yield bytes;
    throw new RangeError('the source broke');
  }
  await t.throwsAsync(client.putStream(target, { content: failing(), size: 100 }), { message: 'the source broke' });
  for (const size of [bytes.length - 1, bytes.length + 1]) {
    const stream = { content: Readable.from([bytes]), size };
    await t.throwsAsync(client.putStream(target, stream), { message: /has not the 1\d bytes/ });
  }
  t.false(await client.hasBlob(target, digestOf(bytes)));
});
