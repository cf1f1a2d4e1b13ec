import { startRegistry, type TestRegistry } from '@convox-builds/testing';
import test from 'ava';

import { copyImage } from './copy-image.js';
import { createRegistryClient } from './create-registry-client.js';
import type { RegistryCredentials } from './registry-access.js';
import { RegistryError } from './registry-error.js';
import { pushTestImage, pushTestIndex } from './testing/push-test-image.js';
import { startTokenRegistry, type TokenRegistry } from './testing/start-token-registry.js';

const LOGIN = { username: 'me', password: 'secret' };
/** `htpasswd -nbB me secret` */
const HTPASSWD = 'me:$2b$05$WVzLXkgLyNu/8rkYWpZtnOm/0nZS0deDkA31dPauQm5nWfjHLXdYu\n';

let withTokens: TokenRegistry;
let withPasswords: TestRegistry;

test.before(async () => {
  [withTokens, withPasswords] = await Promise.all([
    startTokenRegistry(LOGIN),
    startRegistry({ auth: { kind: 'basic', htpasswd: HTPASSWD } }),
  ]);
});
test.after.always(() => Promise.all([withTokens?.stop(), withPasswords?.stop()]));

function createClient(credentials: Readonly<Record<string, RegistryCredentials>>) {
  const asked: string[] = [];
  const client = createRegistryClient({
    access: {
      isPlainHttp: () => true,
      mirrors: () => [],
      credentials: async (host) => {
        asked.push(host);
        return credentials[host];
      },
    },
  });
  return { client, asked };
}

test('copyImage() copies all platforms between private registries, each with its own login', async (t) => {
  const { client, asked } = createClient({ [withTokens.host]: LOGIN, [withPasswords.host]: LOGIN });
  const source = { registry: withTokens.host, repository: 'team/private' };
  const target = { registry: withPasswords.host, repository: 'app' };
  const images = [await pushTestImage(client, source, 'amd64'), await pushTestImage(client, source, 'arm64')];
  const { digest } = await pushTestIndex(client, source, images);
  t.is((await copyImage(client, { source: { ...source, digest }, target })).digest, digest);
  for (const image of [digest, ...images.map((child) => child.digest)]) {
    t.is((await client.getManifest({ ...target, digest: image })).descriptor.digest, image);
  }
  t.deepEqual([...new Set(asked)].sort(), [withPasswords.host, withTokens.host].sort());
});

test('a private registry refuses strangers and wrong passwords, and no message has the password', async (t) => {
  for (const { host } of [withTokens, withPasswords]) {
    for (const login of [undefined, { username: 'me', password: 'hunter2' }]) {
      const { client } = createClient(login === undefined ? {} : { [host]: login });
      const asked = client.getManifest({ registry: host, repository: 'team/private', tag: 'x' });
      const error = (await t.throwsAsync(asked, { instanceOf: RegistryError })) ?? t.fail();
      t.is(error.code, 'denied', error.message);
      t.is(error.status, 401);
      t.notRegex(error.message, /hunter2|aHVudGVyMg/);
    }
  }
  t.true(withTokens.askedAs.includes(undefined), 'a stranger shows nothing');
});
