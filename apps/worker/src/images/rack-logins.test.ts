import type { EcrPasswords } from '@convox-builds/registry';
import { createEncryptionKey, createSecretBox, type RegistryRecord } from '@convox-builds/store';
import test from 'ava';

import { createRackLoginFinder } from './rack-logins.js';

const secretBox = createSecretBox(createEncryptionKey());

function entry(server: string, username: string): RegistryRecord {
  const sealedPassword = secretBox.seal(`of ${username}`, `registries/${server}`);
  return { server, username, sealedPassword, createdAt: new Date() };
}

const ECR_HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';

const noEcr: EcrPasswords = { get: async ({ host }) => Promise.reject(new Error(`ECR was asked for ${host}`)) };

function finderWith(ecrPasswords: EcrPasswords, ...entries: RegistryRecord[]) {
  const registries = { list: async () => entries, save: async () => {}, delete: async () => false };
  return createRackLoginFinder({ store: { registries }, secretBox, ecrPasswords });
}

const finderIn = (...entries: RegistryRecord[]) => finderWith(noEcr, ...entries);

test('a login of the rack is found by its host, whatever the registry is called', async (t) => {
  const find = finderIn(entry('ghcr.io/team', 'team'), entry('ghcr.io', 'all'), entry('index.docker.io/v1', 'hub'));
  t.deepEqual(await find('ghcr.io'), { username: 'all', password: 'of all' });
  for (const host of ['docker.io', 'registry-1.docker.io', 'index.docker.io']) {
    t.deepEqual(await find(host), { username: 'hub', password: 'of hub' }, host);
  }
  for (const host of ['evil-ghcr.io', 'ghcr.io.example.org', 'ghcr.io:5000']) t.is(await find(host), undefined, host);
});

test('an entry of ECR is an access key, of which a password is made', async (t) => {
  const ecr: EcrPasswords = { get: async (key) => ({ username: 'AWS', password: JSON.stringify(key) }) };
  const login = await finderWith(ecr, entry(ECR_HOST, 'AKIA'))(ECR_HOST);
  t.is(login?.username, 'AWS');
  const key = { host: ECR_HOST, accessKey: { id: 'AKIA', secret: 'of AKIA' } };
  t.deepEqual(JSON.parse(login?.password ?? ''), key);
});

test('promise 7: a sealed password that was moved to another registry is not opened', async (t) => {
  await t.throwsAsync(finderIn({ ...entry('ghcr.io', 'all'), server: 'evil.example.org' })('evil.example.org'));
});
