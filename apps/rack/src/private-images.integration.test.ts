import { copyImage, createRegistryClient } from '@convox-builds/registry';
import { startRegistry, type TestRegistry } from '@convox-builds/testing';
import test from 'ava';

import { MIRROR_PATH } from './open-registry.js';
import { createSource } from './testing/create-source.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

/** `htpasswd -nbB me secret` */
const HTPASSWD = 'me:$2b$05$WVzLXkgLyNu/8rkYWpZtnOm/0nZS0deDkA31dPauQm5nWfjHLXdYu\n';
const PASSWORD = 'secret';

let rack: TestRack;
let team: TestRegistry;
let digest: string;

test.before(async () => {
  [rack, team] = await Promise.all([startTestRack(), startRegistry({ auth: { kind: 'basic', htpasswd: HTPASSWD } })]);
  const own = new URL(rack.url);
  const client = createRegistryClient({
    access: {
      isPlainHttp: () => true,
      mirrors: () => [],
      credentials: async (host) =>
        host === team.host
          ? { username: 'me', password: PASSWORD }
          : { username: own.username, password: own.password },
    },
  });
  const source = { registry: rack.registryHost, repository: `${MIRROR_PATH}/library/busybox`, tag: 'latest' };
  const target = { registry: team.host, repository: 'team/base' };
  ({ digest } = await copyImage(client, { source, target }));
  await client.tag({ ...target, digest }, 'v1');
});
test.after.always(() => Promise.all([rack?.stop(), team?.stop()]));

interface WireBuild {
  readonly id: string;
  readonly reason: string;
  readonly images: Readonly<Record<string, { digest: string }>>;
}

const login = (password: string) => `
    imagePullSecrets:
      - registry: ${team.host}
        username: me
        ${password}`;

const manifest = (password: string) => `
services:
  cache:
    image: ${team.host}/team/base:v1${login(password)}
  web:
    build: .${login(password)}
`;

test('the logins of a manifest serve the images that it copies and the base images that it builds on', async (t) => {
  await rack.convox(['apps', 'create', 'private']);
  await rack.convox(['env', 'set', `TEAM_PASSWORD=${PASSWORD}`, '--app', 'private']);
  const source = await createSource(t, {
    'convox.yml': manifest('passwordEnv: TEAM_PASSWORD'),
    Dockerfile: `FROM ${team.host}/team/base:v1\nRUN echo hello > /hello\n`,
  });
  const { code, stdout, stderr } = await rack.convox(['build', '--app', 'private'], source);
  t.is(code, 0, stdout + stderr);
  const [build] = await rack.json<WireBuild[]>('builds', '--app', 'private');
  t.is(build?.images.cache?.digest, digest, 'it is the very same image');
  t.regex(stdout, /^web .*FROM 127\.0\.0\.1:\d+\/team\/base:v1/m);
  t.false(stdout.includes(PASSWORD));
});

test('a build that knows no password, or a wrong one, fails for that reason', async (t) => {
  await rack.convox(['apps', 'create', 'stranger']);
  const build = async (files: Readonly<Record<string, string>>) => {
    const { code } = await rack.convox(['build', '--app', 'stranger'], await createSource(t, files));
    t.is(code, 1);
    return (await rack.json<WireBuild[]>('builds', '--app', 'stranger'))[0]?.reason ?? '';
  };
  const copied = `services:\n  cache:\n    image: ${team.host}/team/base:v1`;
  t.regex(await build({ 'convox.yml': `${copied}\n` }), /^cache: image ".*" cannot be copied: .*status 401/);
  const wrong = await build({ 'convox.yml': `${copied}${login('password: wr0ng-one')}\n` });
  t.regex(wrong, /status 401/);
  t.notRegex(wrong, /wr0ng-one/);
  t.regex(
    await build({ 'convox.yml': `${copied}${login('passwordEnv: NOBODY')}\n` }),
    /its password is in NOBODY, which the app's environment has not/,
  );
  t.regex(await build({ Dockerfile: `FROM ${team.host}/team/base:v1\n` }), /401|denied|authoriz/i);
});

test('promise 6: an app copies no image of another app', async (t) => {
  for (const app of ['owner', 'thief']) await rack.convox(['apps', 'create', app]);
  const source = await createSource(t, { Dockerfile: 'FROM busybox\n' });
  t.is((await rack.convox(['build', '--app', 'owner'], source)).code, 0);
  const [owned] = await rack.json<WireBuild[]>('builds', '--app', 'owner');
  const image = `${rack.registryHost}/owner@${owned?.images.web?.digest}`;
  const theft = await createSource(t, { 'convox.yml': `services:\n  web:\n    image: ${image}\n` });
  t.is((await rack.convox(['build', '--app', 'thief'], theft)).code, 1);
  const [build] = await rack.json<WireBuild[]>('builds', '--app', 'thief');
  t.regex(build?.reason ?? '', /belongs to another app of the rack$/);
});
