import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

import { createTemporaryFolder, startRegistry, type TestRegistry } from '@convox-builds/testing';
import test from 'ava';

import { copyImage } from './copy-image.js';
import { createRegistryClient } from './create-registry-client.js';
import { parseManifest } from './descriptor.js';
import type { RegistryCredentials } from './registry-access.js';
import type { RegistryClient } from './registry-client.js';
import { RegistryError } from './registry-error.js';
import { pushTestImage, pushTestIndex } from './testing/push-test-image.js';
import { createTokenIssuer } from './token-issuer.js';
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
  const htpasswd = 'me:$2b$05$WVzLXkgLyNu/8rkYWpZtnOMK6BnYwRMsEbWuh9AHXRT6hDDxRRpnK\n';
  const registry = await startRegistry({ auth: { kind: 'basic', htpasswd } });
  t.teardown(registry.stop);
  const target = { registry: registry.host, repository: 'app' };
  const anonymous = await t.throwsAsync(pushTestImage(createClient(), target, 'x'), { instanceOf: RegistryError });
  t.is(anonymous?.code, 'denied');
  const wrong = createClient({ username: 'me', password: 'hunter2' });
  const error = await t.throwsAsync(pushTestImage(wrong, target, 'x'), { instanceOf: RegistryError });
  t.is(error?.code, 'denied');
  t.notRegex(error?.message ?? '', /hunter2/);
});

test('a registry with tokens believes ours, for what they allow and no longer than they last', async (t) => {
  const { path, remove } = await createTemporaryFolder();
  const [keyFile, certificateFile] = [join(path, 'key.pem'), join(path, 'certificate.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const files = ['-subj', '/CN=test', '-keyout', keyFile, '-out', certificateFile];
  await promisify(execFile)('openssl', ['req', '-x509', ...curve, ...files]);
  const pems = {
    privateKeyPem: await readFile(keyFile, 'utf8'),
    certificatePem: await readFile(certificateFile, 'utf8'),
  };
  const auth = { kind: 'token' as const, realm: 'http://127.0.0.1:9/', service: 'rack', certificateFile };
  const registry = await startRegistry({ auth });
  t.teardown(() => Promise.all([registry.stop(), remove()]));
  const issuer = createTokenIssuer({ issuer: 'rack', service: 'rack', ...pems });
  const push = (repository: string, granted: string, ttlSeconds = 60) => {
    const access = [{ repository: granted, actions: ['pull', 'push'] as const }];
    const { token } = issuer.issue({ subject: 'test', access, ttlSeconds });
    return pushTestImage(createClient({ token }), { registry: registry.host, repository }, 'x');
  };
  await t.notThrowsAsync(push('app', 'app'));
  for (const refused of [push('other', 'app'), push('app', 'app', -120)]) {
    t.is((await t.throwsAsync(refused, { instanceOf: RegistryError }))?.code, 'denied');
  }
});
