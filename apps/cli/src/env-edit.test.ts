import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runOnTerminal } from './testing/run-on-terminal.js';
import { startShop } from './testing/start-shop.js';

/** A shop, and a temporary folder whose leavings show. */
async function startEditing(t: ExecutionContext) {
  const shop = await startShop(t);
  shop.rack.addRelease({ id: 'ROLD', env: 'A=1\nB=2' });
  const folder = mkdtempSync(join(tmpdir(), 'convox-test-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'tmp'));
  const leftovers = () => readdirSync(join(folder, 'tmp'));
  const env = (script: string) => {
    writeFileSync(join(folder, 'editor.sh'), script);
    return { TMPDIR: join(folder, 'tmp'), EDITOR: `sh ${folder}/editor.sh` };
  };
  const edit = (script: string, ...args: readonly string[]) =>
    shop.run(['env', 'edit', '-a', 'shop', ...args], { env: env(script) });
  return { ...shop, folder, leftovers, env, edit };
}

test('convox env edit: what the editor leaves becomes a release; the file is private, and gone afterwards', async (t) => {
  const { rack, edit, leftovers, folder } = await startEditing(t);
  const script = `stat -c %a "$1" "$(dirname "$1")" > ${folder}/modes
cp "$1" ${folder}/before
printf '# comment\\nB=3\\n\\nC=x=y\\n' > "$1"`;
  const { code, stdout } = await edit(script);
  t.is(stdout, 'Setting A, B, C... OK\nRelease: RNEW1\n');
  t.is(code, 0);
  t.is(rack.releases[0]?.env, 'B=3\nC=x=y');
  t.is(readFileSync(join(folder, 'before'), 'utf8'), 'A=1\nB=2\n');
  t.is(readFileSync(join(folder, 'modes'), 'utf8'), '600\n700\n');
  t.deepEqual(leftovers(), []);
});

test('convox env edit: --promote, --id and --json as env set has them', async (t) => {
  const { rack, edit } = await startEditing(t);
  t.is((await edit('echo A=5 > "$1"', '--id', '--promote')).stdout, 'RNEW1');
  t.is(rack.apps.get('shop')?.release, 'RNEW1');
  t.is(JSON.parse((await edit('echo A=6 > "$1"', '--json')).stdout).id, 'RNEW2');
});

test('convox env edit: nothing changed makes no release', async (t) => {
  const { rack, edit } = await startEditing(t);
  t.deepEqual(await edit('true'), { code: 0, stdout: 'Nothing has changed\n', stderr: '' });
  t.is(rack.releases.length, 1);
});

test('convox env edit: an editor that fails and a line that is no pair change nothing, and show no value', async (t) => {
  const { rack, edit, leftovers } = await startEditing(t);
  const failed = await edit('exit 3');
  t.is(failed.code, 1);
  t.regex(failed.stderr, /^ERROR: the editor "[^\n]*" ended with exit code 3: nothing was changed\n$/);
  const bad = await edit('printf "A=1\\nhunter2\\n" > "$1"');
  t.deepEqual([bad.code, bad.stderr], [1, 'ERROR: line 2 is not KEY=VALUE: nothing was changed\n']);
  t.is(rack.releases.length, 1);
  t.deepEqual(leftovers(), []);
});

test('convox env edit: ended from outside it leaves no file', async (t) => {
  const { run, env, leftovers } = await startEditing(t);
  const { code } = await run(['env', 'edit', '-a', 'shop'], {
    env: env('sleep 0.5'),
    onStart: (child) => {
      const timer = setInterval(() => {
        if (leftovers().length === 0) return;
        clearInterval(timer);
        child.kill('SIGTERM');
      }, 10);
    },
  });
  t.is(code, 143);
  t.deepEqual(leftovers(), []);
});

test('convox env edit: on a terminal a line that is no pair can be edited again', async (t) => {
  const { rack, env, folder } = await startEditing(t);
  const script = `if test -e ${folder}/second; then echo A=7 > "$1"; else touch ${folder}/second; echo bad > "$1"; fi`;
  const { code, shown } = await runOnTerminal(['env', 'edit', '-a', 'shop'], {
    env: { RACK_URL: rack.url, ...env(script) },
    typing: [['[Y/n]', '\n']],
  });
  t.is(code, 0, shown);
  t.is(rack.releases[0]?.env, 'A=7');
});
