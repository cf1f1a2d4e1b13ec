import { BuildFailure } from '@convox-builds/domain';
import test from 'ava';

import { createLoginFinder } from './registry-logins.js';

const find = createLoginFinder({
  pullSecrets: [
    { registry: 'ghcr.io', username: 'app', password: { variable: 'GHCR' } },
    { registry: 'registry-1.docker.io', username: 'hub', password: { value: 'plain' } },
    { registry: 'quay.io', username: 'q', password: { variable: 'MISSING' } },
  ],
  environment: new Map([['GHCR', 's3cret']]),
  findRackLogin: async (host) => (host === 'rack.example' ? { username: 'rack', password: 'told' } : undefined),
});

test('createLoginFinder() gives a host the login that the manifest has for it, and no other host', async (t) => {
  t.deepEqual(await find('ghcr.io'), { username: 'app', password: 's3cret' });
  for (const host of ['evil.example', 'ghcr.io.evil.example', 'ghcr.io:444', 'quay.example']) {
    t.is(await find(host), undefined, host);
  }
});

test('createLoginFinder() knows Docker Hub by all of its names', async (t) => {
  for (const host of ['docker.io', 'index.docker.io', 'registry-1.docker.io', 'Docker.io'])
    t.deepEqual(await find(host), { username: 'hub', password: 'plain' }, host);
});

test('createLoginFinder() knows what people told the rack', async (t) => {
  t.deepEqual(await find('rack.example'), { username: 'rack', password: 'told' });
});

test('createLoginFinder() says which variable has no password', async (t) => {
  const error = await t.throwsAsync(find('quay.io'), { instanceOf: BuildFailure });
  t.is(error?.failureClass, 'credentials');
  t.regex(error?.message ?? '', /"quay\.io": its password is in MISSING, which the app's environment has not/);
});
