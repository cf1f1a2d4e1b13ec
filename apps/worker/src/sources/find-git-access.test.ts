import { parseGitUrl, shippedHostKeys } from '@convox-builds/domain';
import {
  createEncryptionKey,
  createSecretBox,
  gitCredentialPlace,
  type SealedGitCredential,
} from '@convox-builds/store';
import test from 'ava';

import type { Attempt } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';
import { findGitAccess } from './find-git-access.js';

const secretBox = createSecretBox(createEncryptionKey());
const HOST_KEYS = ['ssh-ed25519 AAAA'];

function stored(host: string, kind: 'token' | 'ssh-key', username: string): SealedGitCredential {
  const name = { app: undefined, host, kind } as const;
  return { ...name, username, fingerprint: '', sealed: secretBox.seal(`${kind} of ${host}`, gitCredentialPlace(name)) };
}

const STORED = [
  stored('git.test', 'token', ''),
  stored('named.test', 'token', 'ci'),
  stored('git.test', 'ssh-key', ''),
];

/** Asks for the access to `url`, of a build of `main` whose address had a login. */
async function findAccess(url: string, { main = url, login = '', isOpened = false } = {}) {
  const [username = '', password = ''] = login.split(':');
  const own = login === '' ? undefined : { username, password };
  const attempt = { build: { id: 'B1', app: 'web' }, login: Promise.resolve(own) } as Attempt;
  const parts = {
    settings: { secretBox },
    store: {
      gitHosts: { keysOf: async (host: string) => (host === 'git.test' ? HOST_KEYS : []) },
      gitCredentials: {
        find: async ({ host, kind }: { host: string; kind: string }) =>
          STORED.find((credential) => credential.host === host && credential.kind === kind),
      },
    },
  } as unknown as WorkerParts;
  const from = { attempt, main: parseGitUrl(main).source, isOpened };
  return findGitAccess(parseGitUrl(url).source, from, parts);
}

async function ask(url: string, options: Parameters<typeof findAccess>[1] = {}) {
  const access = await findAccess(url, options);
  return access.login === undefined ? '' : `${access.login.username}:${access.login.password}`;
}

test('findGitAccess() takes the login of the address, else what is stored', async (t) => {
  t.is(await ask('https://git.test/p'), 'x-access-token:token of git.test');
  t.is(await ask('https://named.test/p'), 'ci:token of named.test');
  t.is(await ask('https://none.test/p'), '');
  t.is(await ask('https://git.test/p', { login: 'me:own' }), 'me:own');
  // A user without a password is no login yet.
  t.is(await ask('https://git.test/p', { login: 'me' }), 'me:token of git.test');
  t.is(await ask('https://none.test/p', { login: 'token' }), 'token:');
});

test('promise 7: findGitAccess() sends nothing that is stored over plain HTTP, but into networks that are open', async (t) => {
  t.is(await ask('http://git.test/p'), '');
  t.is(await ask('http://git.test/p', { isOpened: true }), 'x-access-token:token of git.test');
  t.is(await ask('http://git.test/p', { login: 'me:own' }), 'me:own');
});

test('promise 7: findGitAccess() gives the login of the address to no other server', async (t) => {
  const [main, login] = ['https://git.test/p', 'me:own'];
  t.is(await ask('https://git.test/submodule', { main, login }), 'me:own');
  for (const url of [
    'https://evil.test/p',
    'https://git.test:8443/p',
    'http://git.test/p',
    'https://git.test.evil/p',
  ]) {
    t.is(await ask(url, { main, login }), '', url);
  }
});

test('findGitAccess() believes the keys that are pinned, else those that come with the rack', async (t) => {
  t.deepEqual((await findAccess('git@git.test:p.git')).hostKeys, HOST_KEYS);
  t.deepEqual((await findAccess('git@none.test:p.git')).hostKeys, []);
  t.deepEqual((await findAccess('git@github.com:p.git')).hostKeys, shippedHostKeys('github.com'));
});
