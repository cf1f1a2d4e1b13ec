import { copyImage, createRegistryClient, parseManifest } from '@convox-builds/registry';
import { startRegistry, type TestRegistry } from '@convox-builds/testing';
import test from 'ava';

import { MIRROR_PATH } from './open-registry.js';
import { createSource } from './testing/create-source.js';
import { readImageConfig } from './testing/read-image-config.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

/** `htpasswd -nbB me secret` */
const HTPASSWD = 'me:$2b$05$WVzLXkgLyNu/8rkYWpZtnOm/0nZS0deDkA31dPauQm5nWfjHLXdYu\n';
const PASSWORD = 'secret';

let rack: TestRack;
let team: TestRegistry;

test.before(async () => {
  [rack, team] = await Promise.all([startTestRack(), startRegistry({ auth: { kind: 'basic', htpasswd: HTPASSWD } })]);
});
test.after.always(() => Promise.all([rack?.stop(), team?.stop()]));

interface WireBuild {
  readonly id: string;
  readonly reason: string;
  readonly repository: string;
  readonly images: Readonly<Record<string, { digest: string }>>;
}

/** A client that shows each registry its password. */
function createClient() {
  const own = new URL(rack.url);
  const credentials = async (host: string) =>
    host === team.host ? { username: 'me', password: PASSWORD } : { username: own.username, password: own.password };
  return createRegistryClient({ access: { isPlainHttp: () => true, mirrors: () => [], credentials } });
}

async function post(path: string, form: Record<string, string>, method = 'POST'): Promise<string> {
  const { origin, username, password } = new URL(rack.url);
  const Authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: { Authorization },
    body: new URLSearchParams(form),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

test.serial(
  'a base image of a private registry is pulled with what the rack was told, and images get the labels of their app',
  async (t) => {
    const mirrored = { registry: rack.registryHost, repository: `${MIRROR_PATH}/library/busybox`, tag: 'latest' };
    const client = createClient();
    const base = { registry: team.host, repository: 'base' };
    const { digest } = await copyImage(client, { source: mirrored, target: base });
    await client.tag({ ...base, digest }, 'v1');
    await rack.convox(['apps', 'create', 'private']);
    const source = await createSource(t, { Dockerfile: `FROM ${team.host}/base:v1\nRUN echo hello > /hello\n` });
    const refused = await rack.convox(['build', '--app', 'private'], source);
    t.is(refused.code, 1, refused.stdout);
    t.regex(
      refused.stdout,
      /401 Unauthorized \(is it the right name, and does the rack know a password for its registry\?\)/,
    );

    await post('/registries', { server: team.host, username: 'me', password: PASSWORD });
    await post('/apps/private', { parameters: 'BuildLabels=org.example.team%3Dweb,tier%3D1' }, 'PUT');
    const built = await rack.convox(['build', '--app', 'private'], source);
    t.is(built.code, 0, built.stdout + built.stderr);
    const [build] = await rack.json<WireBuild[]>('builds', '--app', 'private');
    const { config } = await readImageConfig(rack, 'private', build?.images.web?.digest ?? '');
    t.like(config.Labels, { 'org.example.team': 'web', tier: '1' });
    t.false(`${built.stdout}${refused.stdout}`.includes(PASSWORD));
  },
);

test.serial(
  'an external build pushes to the rack with its own password, and becomes a release that names what was pushed',
  async (t) => {
    await rack.convox(['apps', 'create', 'external']);
    const created = JSON.parse(await post('/apps/external/builds', { external: 'true' })) as WireBuild;
    const { host, username, password } = new URL(created.repository);
    const access = { isPlainHttp: () => true, mirrors: () => [] };
    const pusher = createRegistryClient({ access: { ...access, credentials: async () => ({ username, password }) } });
    const source = { registry: team.host, repository: 'base', tag: 'v1' };
    const mixed = createRegistryClient({
      access: {
        ...access,
        credentials: async (asked) =>
          asked === team.host ? { username: 'me', password: PASSWORD } : { username, password },
      },
    });
    const target = { registry: host, repository: 'external' };
    const { digest } = await copyImage(mixed, { source, target });
    await pusher.tag({ ...target, digest }, `web.${created.id}`);
    await post(`/apps/external/builds/${created.id}`, { manifest: 'services:\n  web:\n    build: .\n' }, 'PUT');
    const release = JSON.parse(await post('/apps/external/releases', { build: created.id })) as { id: string };
    await post(`/apps/external/builds/${created.id}`, { status: 'complete', release: release.id }, 'PUT');
    const [build] = await rack.json<WireBuild[]>('builds', '--app', 'external');
    t.is(build?.images.web?.digest, digest);
    const { bytes } = await createClient().getManifest({ registry: rack.registryHost, repository: 'external', digest });
    t.is(parseManifest(bytes).kind, 'manifest');
    t.is((await rack.convox(['releases', 'promote', release.id, '--app', 'external'])).code, 0);
  },
);
