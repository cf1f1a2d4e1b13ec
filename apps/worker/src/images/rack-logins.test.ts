import { BuildFailure } from '@convox-builds/domain';
import { createEncryptionKey, createSecretBox, type RegistryRecord } from '@convox-builds/store';
import test from 'ava';

import { createRackLoginFinder } from './rack-logins.js';

const secretBox = createSecretBox(createEncryptionKey());

function entry(server: string, username: string): RegistryRecord {
  const sealedPassword = secretBox.seal(`of ${username}`, `registries/${server}`);
  return { server, username, sealedPassword, createdAt: new Date() };
}

function finderIn(...entries: RegistryRecord[]) {
  const registries = { list: async () => entries, save: async () => {}, delete: async () => false };
  return createRackLoginFinder({ registries }, secretBox);
}

test('a login of the rack is found by its host, whatever the registry is called', async (t) => {
  const find = finderIn(entry('ghcr.io/team', 'team'), entry('ghcr.io', 'all'), entry('index.docker.io/v1', 'hub'));
  t.deepEqual(await find('ghcr.io'), { username: 'all', password: 'of all' });
  for (const host of ['docker.io', 'registry-1.docker.io', 'index.docker.io']) {
    t.deepEqual(await find(host), { username: 'hub', password: 'of hub' }, host);
  }
  for (const host of ['evil-ghcr.io', 'ghcr.io.example.org', 'ghcr.io:5000']) t.is(await find(host), undefined, host);
});

test('an entry of ECR says that it cannot be used yet', async (t) => {
  const find = finderIn(entry('123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'AKIA'));
  const error = await t.throwsAsync(find('123456789012.dkr.ecr.eu-west-1.amazonaws.com'), { instanceOf: BuildFailure });
  t.regex(error.message, /^registry 123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com is one of ECR: /);
  t.is(error.failureClass, 'credentials');
});

test('promise 7: a sealed password that was moved to another registry is not opened', async (t) => {
  await t.throwsAsync(finderIn({ ...entry('ghcr.io', 'all'), server: 'evil.example.org' })('evil.example.org'));
});
