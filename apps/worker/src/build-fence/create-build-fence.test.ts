import type { RegistryRecord } from '@convox-builds/store';
import test from 'ava';

import { createBuildFence } from './create-build-fence.js';

const RACK = {
  databaseUrl: 'postgres://127.0.0.1:5432/rack',
  redisUrl: 'redis://127.0.0.1:6379',
  registry: { host: '127.0.0.1:5000', isPlainHttp: true, dockerHubMirror: '10.0.0.9/hub' },
};

function openFence({ mode = 'isolated', openNetworks = [], logins = [] }: Partial<Wanted> = {}) {
  const list = async () =>
    logins.map((server): RegistryRecord => ({ server, username: 'me', sealedPassword: '', createdAt: new Date() }));
  const registries = { list, save: async () => {}, delete: async () => false };
  const settings = { ...RACK, runNetwork: { mode, openNetworks } };
  return createBuildFence(settings as Parameters<typeof createBuildFence>[0], { store: { registries } });
}

interface Wanted {
  readonly mode: 'isolated' | 'host';
  readonly openNetworks: readonly string[];
  readonly logins: readonly string[];
}

const METADATA = { host: '169.254.169.254', port: 80 };

test('promise 6: createBuildFence() refuses what is inward, and says who can open it', async (t) => {
  const fence = openFence();
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '10.0.0.1'])
    t.regex((await fence.refuse({ host, port: 8080 })) ?? '', /inside of the rack's network.*BUILD_ALLOWED_NETWORKS/);
  t.truthy(await fence.refuse(METADATA));
  await t.throwsAsync(fence.findAddress(METADATA), { message: /BUILD_ALLOWED_NETWORKS/ });
  t.is(await fence.refuse({ host: '203.0.113.7', port: 80 }), undefined);
  t.is(await fence.refuse({ host: 'nowhere.invalid', port: 80 }), undefined, 'whoever asks it hears so');
});

test("promise 6: createBuildFence() opens the operator's networks, and the rack's own services in none", async (t) => {
  const fence = openFence({ openNetworks: ['127.0.0.0/8'] });
  t.is(await fence.findAddress({ host: '127.0.0.1', port: 8080 }), '127.0.0.1');
  t.is(await fence.refuseRegistry('127.0.0.1:8080'), undefined);
  t.truthy(await fence.refuse(METADATA));
  for (const port of [5000, 5432, 6379]) t.truthy(await fence.refuse({ host: '127.0.0.1', port }), String(port));
});

test('createBuildFence() trusts the registries of the rack, and those that it knows a login for', async (t) => {
  const fence = openFence({ logins: ['10.0.0.2:5000/team', '10.0.0.3'] });
  for (const host of ['127.0.0.1:5000', '10.0.0.9', '10.0.0.2:5000', '10.0.0.3', 'docker.io']) {
    t.is(await fence.refuseRegistry(host), undefined, host);
    t.is(await fence.findGuard(host), undefined, host);
  }
  for (const host of ['10.0.0.2', '10.0.0.2:5001', '10.0.0.9:5000', '10.0.0.3:5000']) {
    t.truthy(await fence.refuseRegistry(host), host);
    t.truthy(await fence.findGuard(host), host);
  }
  t.is(await fence.findAddress({ host: '10.0.0.3', port: 443 }), '10.0.0.3');
  t.truthy(await fence.refuse({ host: '10.0.0.3', port: 443 }), 'what is no image is not for it');
});

test('createBuildFence() is open where there is no fence', async (t) => {
  const fence = openFence({ mode: 'host' });
  t.is(await fence.refuse(METADATA), undefined);
  t.is(await fence.refuse({ host: '127.0.0.1', port: 5432 }), undefined);
});
