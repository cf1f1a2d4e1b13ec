import { createRegistryClient, type RegistryClient } from '@convox-builds/registry';
import { pushTestImage } from '@convox-builds/registry/testing';
import { startRegistry } from '@convox-builds/testing';
import anyTest, { type TestFn } from 'ava';

import { createTestTokenIssuer } from '../testing/create-test-token-issuer.js';
import { roleToken } from '../testing/role-token.js';
import { basic, PASSWORD, startTestApi, type TestApi } from '../testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi; registryHost: string; host: string; stop: () => Promise<unknown> }>;

test.before(async (t) => {
  const { tokenIssuer, certificateFile, service, remove } = await createTestTokenIssuer();
  const auth = { kind: 'token', realm: 'http://127.0.0.1:1/token', service, certificateFile } as const;
  const registry = await startRegistry({ auth });
  const api = await startTestApi({ tokenIssuer, registryHost: registry.host });
  const stop = () => Promise.all([api.stop(), registry.stop(), remove()]);
  t.context = { api, registryHost: registry.host, host: `127.0.0.1:${api.port}`, stop };
  for (const name of ['web', 'other', 'pulled']) await api.call('POST', '/apps', { form: { name } });
});
test.after.always((t) => t.context.stop?.());

function clientAs(username: string, password: string): RegistryClient {
  const credentials = async () => ({ username, password });
  return createRegistryClient({ access: { credentials, isPlainHttp: () => true, mirrors: () => [] } });
}

async function createExternalBuild(api: TestApi, app = 'web'): Promise<{ id: string; repository: URL }> {
  const { text } = await api.call('POST', `/apps/${app}/builds`, { form: { external: 'true' } });
  const { id, repository } = JSON.parse(text) as { id: string; repository: string };
  return { id, repository: new URL(repository) };
}

test('registry: a client signs in by the challenge, pushes, tags, and pulls the same bytes', async (t) => {
  const { api, host } = t.context;
  const challenge = await api.call('GET', '/v2/', { authorization: '' });
  t.is(challenge.status, 401);
  t.is(challenge.headers['www-authenticate'], 'Basic realm="convox"');
  t.is(challenge.headers['docker-distribution-api-version'], 'registry/2.0');
  t.is(JSON.parse(challenge.text).errors[0].code, 'UNAUTHORIZED');
  t.is((await api.call('GET', '/v2/')).status, 200);

  const client = clientAs('convox', PASSWORD);
  const repository = { registry: host, repository: 'pulled' };
  const text = 'layer '.repeat(500_000);
  const pushed = await pushTestImage(client, repository, text);
  await client.tag({ ...repository, digest: pushed.digest }, 'latest');
  const manifest = await client.getManifest({ ...repository, tag: 'latest' });
  t.is(manifest.descriptor.digest, pushed.digest);
  const [layer] = (JSON.parse(manifest.bytes.toString()) as { layers: [typeof pushed] }).layers;
  let size = 0;
  for await (const piece of await client.getBlob(repository, layer)) size += (piece as Buffer).length;
  t.is(size, text.length);
  const tags = await api.call('GET', '/v2/pulled/tags/list?n=1');
  t.deepEqual(JSON.parse(tags.text), { name: 'pulled', tags: ['latest'] });
});

test('registry: places of uploads lead back to the rack, and nothing of the registry behind it is told', async (t) => {
  const { api, registryHost } = t.context;
  const { status, headers } = await api.call('POST', '/v2/web/blobs/uploads/');
  t.is(status, 202);
  t.regex(String(headers.location), /^\/v2\/web\/blobs\/uploads\//);
  t.false(JSON.stringify(headers).includes(registryHost));
  t.is((await api.call('DELETE', String(headers.location))).status, 204);
});

test('registry: roles read or write, nobody deletes or leaves the repositories of apps', async (t) => {
  const { api } = t.context;
  const reading = basic('jwt', roleToken({ role: 'r' }));
  const digest = `sha256:${'a'.repeat(64)}`;
  t.is((await api.call('GET', '/v2/other/tags/list', { authorization: reading })).status, 404);
  t.is((await api.call('POST', '/v2/web/blobs/uploads/', { authorization: reading })).status, 401);
  t.is((await api.call('DELETE', `/v2/web/manifests/${digest}`)).status, 405);
  t.is((await api.call('GET', '/v2/_catalog')).status, 405);
  t.is((await api.call('GET', '/v2/docker-hub/library/busybox/tags/list')).status, 405);
  t.is((await api.call('GET', '/v2/nobody/tags/list')).status, 404);
  t.is((await api.call('GET', '/v2/web/tags/list', { authorization: '' })).status, 401);
});

test('flaw 11: an external build gets a password for its own tags until it has ended, and the rack records what it pushes', async (t) => {
  const { api, host } = t.context;
  const { id, repository } = await createExternalBuild(api);
  t.is(`${repository.protocol}//${repository.host}${repository.pathname}`, `http://${host}/web`);
  t.false(repository.href.includes(encodeURIComponent(PASSWORD)));
  const client = clientAs(repository.username, repository.password);
  const place = { registry: host, repository: 'web' };
  const pushed = await pushTestImage(client, place, 'external');
  await client.tag({ ...place, digest: pushed.digest }, `web.${id}`);
  const build = JSON.parse((await api.call('GET', `/apps/web/builds/${id}`)).text);
  t.is(build.repository, '');
  t.like(build.images.web, { digest: pushed.digest, mediaType: pushed.mediaType, size: pushed.size });

  const authorization = basic(repository.username, repository.password);
  t.is((await api.call('GET', '/apps', { authorization })).status, 401);
  t.is((await api.call('GET', '/v2/other/tags/list', { authorization })).status, 403);
  const another = await createExternalBuild(api);
  const tags = ['latest', `web.${another.id}`, 'web.BABCDEFGHIJ'];
  for (const tag of tags) {
    await t.throwsAsync(client.tag({ ...place, digest: pushed.digest }, tag), { name: 'RegistryError' }, tag);
  }

  const release = JSON.parse((await api.call('POST', '/apps/web/releases', { form: { build: id } })).text) as {
    id: string;
  };
  const ended = await api.call('PUT', `/apps/web/builds/${id}`, { form: { status: 'complete', release: release.id } });
  t.is(ended.status, 200);
  t.is((await api.call('GET', '/v2/web/tags/list', { authorization })).status, 401);
});

test('flaw 24: nobody moves the tag of a build that has ended', async (t) => {
  const { api, host } = t.context;
  const { id } = await createExternalBuild(api);
  const client = clientAs('convox', PASSWORD);
  const place = { registry: host, repository: 'web' };
  const { digest } = await pushTestImage(client, place, 'moved');
  await client.tag({ ...place, digest }, `web.${id}`);
  await api.call('PUT', `/apps/web/builds/${id}`, { form: { status: 'failed' } });
  await t.throwsAsync(client.tag({ ...place, digest }, `web.${id}`), { name: 'RegistryError' });
});

test('registry: one that is away is told as such', async (t) => {
  const api = await startTestApi({ registryHost: '127.0.0.1:1' });
  t.teardown(api.stop);
  await api.call('POST', '/apps', { form: { name: 'web' } });
  const { status, text } = await api.call('GET', '/v2/web/tags/list');
  t.is(status, 502);
  t.is(JSON.parse(text).errors[0].message, 'the registry of the rack does not answer, try again in a moment');
});

test('registry: repositories are below the prefix of the rack, and no blob is taken from one to another', async (t) => {
  const registry = await startRegistry();
  const api = await startTestApi({ registryHost: registry.host, variables: { REGISTRY_PREFIX: 'racks/one' } });
  t.teardown(async () => void (await Promise.all([api.stop(), registry.stop()])));
  for (const name of ['web', 'other']) await api.call('POST', '/apps', { form: { name } });
  const client = clientAs('convox', PASSWORD);
  const other = { registry: `127.0.0.1:${api.port}`, repository: 'other' };
  const { digest } = await pushTestImage(client, other, 'of another app');
  const manifest = await client.getManifest({ registry: registry.host, repository: 'racks/one/other', digest });
  const [layer] = (JSON.parse(manifest.bytes.toString()) as { layers: [{ digest: string }] }).layers;
  const { status, headers } = await api.call(
    'POST',
    `/v2/web/blobs/uploads/?mount=${layer.digest}&from=racks/one/other`,
  );
  t.is(status, 202, 'the blob has to be sent');
  t.regex(String(headers.location), /^\/v2\/web\/blobs\/uploads\//);
  t.is((await api.call('HEAD', `/v2/web/blobs/${layer.digest}`)).status, 404);
});
