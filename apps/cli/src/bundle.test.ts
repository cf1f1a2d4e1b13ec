import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { COMMANDS } from './command-table.js';
import { createSource } from './testing/create-source.js';
import { runConvox } from './testing/run-convox.js';
import { startFakeRack } from './testing/start-fake-rack.js';

const BUNDLE = fileURLToPath(new URL('../../../tools/bundle/main.mjs', import.meta.url));

/** Bundles, packs and installs the command as somebody would who has nothing of the workspace. */
function install(t: ExecutionContext): { readonly folder: string; readonly bin: string } {
  const folder = mkdtempSync(join(tmpdir(), 'convox-bundle-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const npm = (...args: readonly string[]) =>
    execFileSync('npm', [...args, '--offline', '--no-audit', '--no-fund', '--silent'], { cwd: folder });
  execFileSync(process.execPath, [BUNDLE, join(folder, 'package')]);
  npm('pack', './package');
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  npm('install', '--global', '--prefix', join(folder, 'prefix'), join(folder, archive));
  mkdirSync(join(folder, 'empty'));
  return { folder, bin: join(folder, 'prefix/bin/convox') };
}

test('the bundle is installed by npm as one file, and does all the work without any module', async (t) => {
  const { folder, bin } = install(t);
  const rack = await startFakeRack({ log: Buffer.from('#1 FROM busybox\n') });
  t.teardown(() => rack.close());
  rack.addApp('shop');
  const cwd = join(folder, 'empty');
  const run = (...args: readonly string[]) => runConvox(args, { bin, cwd, env: { RACK_URL: rack.url } });
  const { version } = JSON.parse(readFileSync(join(folder, 'package/package.json'), 'utf8'));
  t.is((await run('version')).stdout, `client: ${version}\nserver: 3.24.0\n`);
  const built = await run('deploy', createSource(t, { Dockerfile: 'FROM busybox\n' }), '-a', 'shop');
  t.is(built.stderr, '');
  t.regex(built.stdout, /^Packaging source... OK\n[^]*#1 FROM busybox\nPromoting R\w+...\nOK\n$/);
  t.is((await run('env', 'set', 'A=1', '-a', 'shop')).code, 0);
  t.is((await run('env', '-a', 'shop')).stdout, 'A=1\n');
  for (const { name } of COMMANDS) t.is((await run(...name.split(' '), '--help')).code, 0, name);
  const bad = await run('bogus');
  t.deepEqual([bad.code, bad.stderr], [1, 'ERROR: unknown command: bogus (see: convox help)\n']);
});

test('the bundle starts by itself, as its first line says', (t) => {
  const { folder, bin } = install(t);
  const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: folder };
  const stdout = execFileSync(bin, ['version'], { cwd: join(folder, 'empty'), env, encoding: 'utf8' });
  t.regex(stdout, /^client: \d+\.\d+\.\d+\nserver: none\n$/);
});
