import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { RunOptions } from './testing/run-convox.js';
import { startShop } from './testing/start-shop.js';

const MANIFEST = 'services:\n  web:\n    image: placeholder\n';
const IMAGE = 'registry.example.org/team/app:v1';

async function startImporting(t: ExecutionContext, options: Parameters<typeof startShop>[1] = {}) {
  const shop = await startShop(t, options);
  const cwd = mkdtempSync(join(tmpdir(), 'cb-cli-'));
  t.teardown(() => rmSync(cwd, { recursive: true }));
  writeFileSync(join(cwd, 'convox.yml'), MANIFEST);
  const importImage = (args: readonly string[] = [], more: RunOptions = {}) =>
    shop.run(['builds', 'import-image', IMAGE, '-a', 'shop', ...args], { cwd, ...more });
  const imports = () => shop.rack.seen.filter(({ path }) => path.endsWith('/image'));
  return { ...shop, importImage, imports };
}

test('convox builds import-image: makes the calls that a rack of Convox expects, in order', async (t) => {
  const { rack, importImage } = await startImporting(t, { isConvox: true, runningPolls: 1 });
  const { code, stdout, stderr } = await importImage();
  t.is(code, 0, stderr);
  const id = String(rack.builds[0]?.id);
  t.regex(stdout, new RegExp(`^Creating build... OK, ${id}\n`));
  const builds = '/apps/shop/builds';
  t.deepEqual(
    rack.seen.map(({ method, path }) => `${method} ${path}`),
    [
      `POST ${builds}`,
      `PUT ${builds}/${id}`,
      `POST ${builds}/${id}/image`,
      `GET ${builds}/${id}`,
      `GET ${builds}/${id}`,
      'POST /apps/shop/releases',
      `PUT ${builds}/${id}`,
    ],
  );
  const [create, report, image, , , release, end] = rack.seen.map(({ form }) => form);
  t.like(create, { external: 'true', url: '' });
  t.deepEqual(report, { manifest: MANIFEST });
  t.deepEqual(image, { image: IMAGE });
  t.deepEqual(release, { build: id });
  t.deepEqual(Object.keys(end ?? {}), ['release']);
});

test('convox builds import-image: takes the password from one place, and shows it nowhere', async (t) => {
  const { importImage, imports } = await startImporting(t);
  const user = ['--src-creds-user', 'me'];
  const results = [
    await importImage([...user, '--src-creds-pass-env', 'TEAM_PASSWORD'], { env: { TEAM_PASSWORD: 'secret' } }),
    await importImage([...user, '--src-creds-pass-stdin'], { input: 'secret\n' }),
    await importImage([...user, '--src-creds-pass', 'secret']),
  ];
  for (const { form } of imports()) t.like(form, { 'src-creds-user': 'me', 'src-creds-pass': 'secret' });
  t.is(imports().length, 3);
  for (const { code, stdout, stderr } of results) {
    t.is(code, 0, stderr);
    t.false((stdout + stderr).includes('secret'));
  }
  t.regex(results[2]?.stderr ?? '', /^warning: others on this machine can see an argument[^\n]*\n$/);
});

const REFUSED: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['no manifest', ['-m', 'other.yml'], /no such file or folder: other\.yml/],
  ['a password without a user', ['--src-creds-pass', 'a'], /a password needs --src-creds-user/],
  ['a user without a password', ['--src-creds-user', 'a'], /--src-creds-user needs --src-creds-pass-env or/],
  [
    'an unset variable',
    ['--src-creds-user', 'a', '--src-creds-pass-env', 'NOPE'],
    /NOPE is not set in the environment/,
  ],
  [
    'two passwords',
    ['--src-creds-user', 'a', '--src-creds-pass-env', 'NOPE', '--src-creds-pass-stdin'],
    /give only one of --src-creds-pass-env and --src-creds-pass-stdin/,
  ],
];
for (const [what, args, message] of REFUSED) {
  test(`convox builds import-image: ${what} is refused before a build is made`, async (t) => {
    const { rack, importImage } = await startImporting(t);
    const { code, stderr } = await importImage(args);
    t.is(code, 1);
    t.regex(stderr, message);
    t.is(rack.builds.length, 0);
  });
}

test('convox builds import-image: says why it failed, and that a rack is too old', async (t) => {
  const failing = await startImporting(t, { outcome: { state: 'failed', reason: 'no such image' } });
  const failed = await failing.importImage(['--id']);
  t.is(failed.code, 1);
  t.is(failed.stdout, '');
  t.regex(failed.stderr, /ERROR: build failed: no such image\n$/);

  const intercept = ({ path }: { path: string }) => (path.endsWith('/image') ? { status: 404, body: '' } : undefined);
  const old = await startImporting(t, { isConvox: true, intercept });
  const { code, stderr } = await old.importImage();
  t.is(code, 1);
  t.regex(stderr, /ERROR: this rack imports no images: it is older than 3\.24\.4\n$/);
  t.is(old.rack.builds[0]?.status, 'failed', 'it does not wait for ever');
});
