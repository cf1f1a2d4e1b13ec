import { readFile } from 'node:fs/promises';
import { createServer, globalAgent } from 'node:https';
import type { AddressInfo } from 'node:net';

import { type FindAddress, HostError } from '@convox-builds/domain';
import { createCertificates, createTemporaryFolder, startRegistry } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { createRegistryClient } from './create-registry-client.js';
import { RegistryError } from './registry-error.js';
import { pushTestImage } from './testing/push-test-image.js';
import { startHostileRegistry } from './testing/start-hostile-registry.js';

/** Nobody outside has this name; the guard says where it is. */
const OUTSIDE = 'registry.test';
const isInward = (host: string) => host === 'localhost' || host === '127.0.0.1';

const findAddress: FindAddress = async ({ host }) => {
  if (isInward(host)) throw new HostError('refused', `"${host}" is inward`);
  return '127.0.0.1';
};

const clientOf = () =>
  createRegistryClient({
    access: {
      isPlainHttp: () => true,
      mirrors: () => [],
      credentials: async () => undefined,
      findGuard: async () => findAddress,
    },
  });

const outside = ({ host }: { host: string }) => `${OUTSIDE}:${host.split(':')[1]}`;

async function refuse(t: ExecutionContext, registry: string, client = clientOf()): Promise<string> {
  const asked = client.getManifest({ registry, repository: 'app', tag: 'x' });
  const error = (await t.throwsAsync(asked, { instanceOf: RegistryError })) ?? t.fail();
  t.is(error.code, 'refused', error.message);
  return error.message;
}

test('promise 6: a guarded registry is asked at the address that was checked', async (t) => {
  const registry = await startRegistry();
  t.teardown(registry.stop);
  const repository = { registry: outside(registry), repository: 'app' };
  const { digest } = await pushTestImage(clientOf(), repository, 'x');
  t.is((await clientOf().getManifest({ ...repository, digest })).descriptor.digest, digest);
});

test('promise 6: a guarded registry whose address is inward is not asked', async (t) => {
  const inward = await startHostileRegistry(t, (_request, response) => void response.writeHead(500).end('a secret'));
  t.is(await refuse(t, inward.host), `Cannot ask registry "${inward.host}": "127.0.0.1" is inward`);
  t.deepEqual(inward.requests, []);
});

test('promise 6: a guarded registry leads nobody inward, by a redirect, a token server or an upload', async (t) => {
  const inward = await startHostileRegistry(t, (_request, response) => void response.end('a secret'));
  const redirecting = await startHostileRegistry(t, (_request, response) => {
    response.writeHead(307, { location: `http://${inward.host}/` }).end();
  });
  t.regex(await refuse(t, outside(redirecting)), /"127.0.0.1" is inward$/);
  const asking = await startHostileRegistry(t, (_request, response) => {
    response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${inward.host}/token"` }).end();
  });
  t.regex(await refuse(t, outside(asking)), /its token server: "127.0.0.1" is inward$/);
  const taking = await startHostileRegistry(t, (request, response) => {
    response.writeHead(request.method === 'POST' ? 202 : 404, { location: `http://${inward.host}/upload` }).end();
  });
  const repository = { registry: outside(taking), repository: 'app' };
  await t.throwsAsync(pushTestImage(clientOf(), repository, 'x'), { message: /"127.0.0.1" is inward$/ });
  t.deepEqual(inward.requests, []);
});

test('promise 6: a registry with TLS leads nobody to where there is none', async (t) => {
  const folder = await createTemporaryFolder();
  const { caFile, trusted } = await createCertificates(folder.path);
  const plain = await startHostileRegistry(t, (_request, response) => void response.end('{}'));
  const server = createServer(trusted, (_request, response) => {
    response.writeHead(302, { location: `http://${plain.host}/` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  globalAgent.options.ca = await readFile(caFile);
  t.teardown(async () => {
    delete globalAgent.options.ca;
    server.close();
    server.closeAllConnections();
    await folder.remove();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const access = { isPlainHttp: () => false, mirrors: () => [], credentials: async () => undefined };
  const message = await refuse(t, host, createRegistryClient({ access }));
  t.is(message, `Cannot ask "${host}": it redirects to an address without TLS, which is not followed`);
  t.deepEqual(plain.requests, []);
});
