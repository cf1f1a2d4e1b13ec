import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { COMMANDS } from './command-table.js';
import { startShop } from './testing/start-shop.js';

const BIN = fileURLToPath(new URL('../bin/convox.js', import.meta.url));

/** Lets a real bash complete a line, with the command on its path. */
async function startBash(t: ExecutionContext) {
  const { rack, convox } = await startShop(t);
  const folder = mkdtempSync(join(tmpdir(), 'convox-completion-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(BIN, join(folder, 'convox'));
  const { stdout: script } = await convox('completion', 'bash');
  const env = { PATH: `${folder}:${dirname(process.execPath)}:/usr/bin:/bin`, HOME: folder, RACK_URL: rack.url };
  const complete = async (...words: readonly string[]) => {
    const program = `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _convox; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await promisify(execFile)('bash', ['-euc', program, 'bash', 'convox', ...words], { env });
    return stdout.trim().split('\n');
  };
  return { rack, complete };
}

test('convox completion bash: completes commands, and the options of each', async (t) => {
  const { complete } = await startBash(t);
  const first = await complete('');
  t.deepEqual(first, [...new Set(COMMANDS.map(({ name }) => name.split(' ')[0]))]);
  t.deepEqual(await complete('bui'), ['build', 'builds']);
  t.deepEqual(await complete('builds', 'ca'), ['cancel']);
  t.deepEqual(await complete('apps', 'params', ''), ['set', 'shop']);
  t.deepEqual(await complete('builds', '--l'), ['--limit']);
  t.deepEqual(await complete('builds', 'info', '--'), ['--app', '--rack', '--json']);
  t.deepEqual(await complete('bogus', ''), first);
});

test('convox completion bash: completes apps, builds and releases by asking the rack', async (t) => {
  const { rack, complete } = await startBash(t);
  rack.addApp('blog');
  rack.builds.push({ id: 'BABC', status: 'complete', description: 'ID of a build' }, { id: 'BDEF', status: 'running' });
  rack.addRelease({ id: 'RABC' });
  t.deepEqual(await complete('build', '-a', ''), ['shop', 'blog']);
  t.deepEqual(await complete('builds', 'info', '-a', 'shop', 'BA'), ['BABC']);
  t.deepEqual(await complete('releases', 'promote', '-a', 'shop', ''), ['RABC']);
  t.deepEqual(await complete('apps', 'info', 'b'), ['blog']);
});

test('convox completion: prints a script for each shell, and refuses others', async (t) => {
  const { convox } = await startShop(t);
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout } = await convox('completion', shell);
    t.is(code, 0);
    for (const { name } of COMMANDS) t.true(stdout.includes(name.split(' ').at(-1) ?? ''), `${shell}: ${name}`);
    t.is(JSON.parse((await convox('completion', shell, '--json')).stdout).script, stdout);
  }
  const { code, stderr } = await convox('completion', 'cmd');
  t.deepEqual([code, stderr], [1, 'ERROR: no completion for "cmd": expected bash, zsh or fish\n']);
});
