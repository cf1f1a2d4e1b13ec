import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { createRackRepositories } from '@convox-builds/registry';
import { createTemporaryFolder } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { createRegistryGate, type RegistryGate } from './registry-gate.js';

const run = promisify(execFile);
const REGISTRY = {
  host: 'registry:5000',
  isPlainHttp: true,
  prefix: '',
  username: '',
  password: '',
  tokenKeyFile: '',
  tokenCertificateFile: '',
  service: 'rack',
  dockerHubMirror: 'registry:5000/docker-hub',
  ecr: undefined,
};

const openGate = (registry: Parameters<typeof createRegistryGate>[0]) =>
  createRegistryGate(registry, {
    repositories: createRackRepositories(registry),
    ecrPasswords: { get: async ({ host }) => ({ username: 'AWS', password: `of ${host}` }) },
    fence: {
      refuseRegistry: async (host) => (host.startsWith('10.') ? `${host} is inward` : undefined),
      findGuard: async (host) => (host === 'registry:5000' ? undefined : async () => '192.0.2.1'),
    },
  });

async function openTokenGate(t: ExecutionContext): Promise<RegistryGate> {
  const { path, remove } = await createTemporaryFolder();
  t.teardown(remove);
  const [tokenKeyFile, tokenCertificateFile] = [join(path, 'key'), join(path, 'crt')];
  const key = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=x'];
  await run('openssl', [...key, '-keyout', tokenKeyFile, '-out', tokenCertificateFile]);
  return openGate({ ...REGISTRY, tokenKeyFile, tokenCertificateFile });
}

/** What a token is good for, as the registry reads it. */
function accessOf(token: string | undefined): Record<string, readonly string[]> {
  const [, claims = ''] = (token ?? '').split('.');
  const { access } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
    access: { name: string; actions: string[] }[];
  };
  return Object.fromEntries(access.map(({ name, actions }) => [name, actions]));
}

test('a build may push to its own repository and read from the mirror, whatever is asked', async (t) => {
  const gate = await openTokenGate(t);
  const asked = [
    'repository:mine:pull,push,delete',
    'repository:other:pull,push',
    'repository:mine2:pull',
    'repository:mine/sub:push',
    'repository:docker-hub/library/busybox:pull,push',
    'repository:docker-hub2/x:pull',
    'registry:catalog:*',
    'nonsense',
  ];
  t.deepEqual(accessOf(gate.mintBuildToken('mine', asked)?.token), {
    mine: ['pull', 'push'],
    'docker-hub/library/busybox': ['pull'],
  });
});

test('the worker itself gets a token for just what it does, and for no other host', async (t) => {
  const { access, isTokenHost } = await openTokenGate(t);
  const scope = [{ repository: 'any', actions: ['pull'] }] as const;
  const credentials = await access.credentials('registry:5000', scope);
  t.true(credentials !== undefined && 'token' in credentials);
  t.deepEqual(accessOf(credentials !== undefined && 'token' in credentials ? credentials.token : ''), {
    any: ['pull'],
  });
  t.is(await access.credentials('ghcr.io', scope), undefined);
  t.true(isTokenHost('registry:5000'));
  t.false(isTokenHost('ghcr.io'));
});

test('user name and password go to the rack’s own registry only', async (t) => {
  const gate = await openGate({ ...REGISTRY, username: 'rack', password: 'secret' });
  t.deepEqual(await gate.credentials('registry:5000'), { username: 'rack', password: 'secret' });
  t.is(await gate.credentials('docker.io'), undefined);
  t.is(await gate.credentials('registry'), undefined);
  t.false(gate.isTokenHost('registry:5000'));
  t.is(gate.mintBuildToken('mine', ['repository:mine:push']), undefined);
});

test('what is copied for a build is read as the build may, and other registries get their own logins', async (t) => {
  const gate = await openTokenGate(t);
  const login = { username: 'me', password: 'secret' };
  const access = gate.accessForBuild('mine', async (host) => (host === 'ghcr.io' ? login : undefined));
  const scopes = ['mine', 'other', 'docker-hub/library/busybox'].map((repository) => ({
    repository,
    actions: ['pull', 'push'] as const,
  }));
  const own = await access.credentials('registry:5000', scopes);
  t.deepEqual(accessOf(own !== undefined && 'token' in own ? own.token : ''), {
    mine: ['pull', 'push'],
    'docker-hub/library/busybox': ['pull'],
  });
  t.deepEqual(await access.credentials('ghcr.io', scopes), login);
  t.is(await access.credentials('quay.io', scopes), undefined);
  const refuse = (registry: string, repository: string) => gate.refuseImage('mine', { registry, repository });
  for (const repository of ['mine', 'docker-hub/x']) t.is(await refuse('registry:5000', repository), undefined);
  t.is(await refuse('ghcr.io', 'other'), undefined);
  t.is(await refuse('registry:5000', 'other'), 'it belongs to another app of the rack');
});

test('promise 6: what is copied for a build is kept inside the fence', async (t) => {
  const gate = await openGate(REGISTRY);
  const access = gate.accessForBuild('mine', async () => ({ username: 'of', password: 'the manifest' }));
  const refuse = (registry: string) => gate.refuseImage('mine', { registry, repository: 'mine' });
  t.is(await refuse('10.0.0.1:5000'), '10.0.0.1:5000 is inward');
  t.is(await refuse('registry:5000'), undefined);
  t.truthy(await access.findGuard?.('10.0.0.1:5000'));
  t.is(await access.findGuard?.('registry:5000'), undefined);
});

test('this machine and the rack’s own registry are spoken to without TLS, and only Docker Hub has a mirror', async (t) => {
  const { access } = await openGate(REGISTRY);
  const hosts = ['registry:5000', 'registry', 'docker.io', '127.0.0.1:80', 'localhost:5000'];
  t.deepEqual(hosts.map(access.isPlainHttp), [true, false, false, true, true]);
  t.deepEqual(access.mirrors('docker.io'), ['registry:5000/docker-hub']);
  t.deepEqual(access.mirrors('ghcr.io'), []);
});

test('at ECR the password is made when it is asked for, and images beside the rack’s are no app’s', async (t) => {
  const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
  const gate = await openGate({ ...REGISTRY, host, prefix: 'rack', ecr: { host } });
  t.deepEqual(await gate.credentials(host), { username: 'AWS', password: `of ${host}` });
  t.is(await gate.credentials('210987654321.dkr.ecr.eu-west-1.amazonaws.com'), undefined);
  const refuse = (repository: string) => gate.refuseImage('mine', { registry: host, repository });
  t.truthy(await refuse('rack/other'));
  for (const place of ['rack/mine', 'rack/base/node', 'base/node', 'other']) t.is(await refuse(place), undefined);
});
