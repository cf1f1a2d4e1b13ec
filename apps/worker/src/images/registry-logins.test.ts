import { BuildFailure } from '@convox-builds/domain';
import test from 'ava';

import { createLoginFinder, type LoginSources } from './registry-logins.js';

function finder(sources: Partial<LoginSources> = {}) {
  let asked = 0;
  const opened: string[] = [];
  const rack = (server: string) => ({
    server,
    username: 'rack',
    openPassword: () => {
      opened.push(server);
      return `of ${server}`;
    },
  });
  const find = createLoginFinder({
    pullSecrets: [],
    environment: new Map(),
    listRackLogins: async () => {
      asked += 1;
      return ['ghcr.io', 'registry.example.com:5000/team', 'https://index.docker.io/v1/'].map(rack);
    },
    ...sources,
  });
  return { find, opened, asked: () => asked };
}

test('createLoginFinder() opens the password of the host that is asked for, and of no other', async (t) => {
  const { find, opened, asked } = finder();
  t.deepEqual(await find('ghcr.io'), { username: 'rack', password: 'of ghcr.io' });
  t.deepEqual(await find('registry.example.com:5000'), {
    username: 'rack',
    password: 'of registry.example.com:5000/team',
  });
  for (const host of ['registry.example.com', 'evil.example', 'ghcr.io.evil.example', 'quay.io:443']) {
    t.is(await find(host), undefined, host);
  }
  t.deepEqual(opened, ['ghcr.io', 'registry.example.com:5000/team']);
  t.is(asked(), 1);
});

test('createLoginFinder() knows Docker Hub by all of its names', async (t) => {
  const { find } = finder();
  for (const host of ['docker.io', 'index.docker.io', 'registry-1.docker.io', 'Docker.io'])
    t.is((await find(host))?.username, 'rack', host);
});

test('createLoginFinder() prefers what the manifest brings, with passwords of the app’s environment', async (t) => {
  const { find, asked } = finder({
    pullSecrets: [
      { registry: 'ghcr.io', username: 'app', password: { variable: 'GHCR' } },
      { registry: 'registry-1.docker.io', username: 'hub', password: { value: 'plain' } },
      { registry: 'quay.io', username: 'q', password: { variable: 'MISSING' } },
    ],
    environment: new Map([['GHCR', 's3cret']]),
  });
  t.deepEqual(await find('ghcr.io'), { username: 'app', password: 's3cret' });
  t.deepEqual(await find('docker.io'), { username: 'hub', password: 'plain' });
  t.is(asked(), 0);
  const error = await t.throwsAsync(find('quay.io'), { instanceOf: BuildFailure });
  t.is(error?.failureClass, 'credentials');
  t.regex(error?.message ?? '', /"quay\.io": its password is in MISSING, which the app's environment has not/);
});
