import test, { type ExecutionContext } from 'ava';
import { createSource } from './testing/create-source.js';
import { runOnTerminal, type Typing } from './testing/run-on-terminal.js';
import { type FakeRack, startFakeRack } from './testing/start-fake-rack.js';

const CTRL_C = '\u0003';

async function startRack(t: ExecutionContext): Promise<FakeRack> {
  const rack = await startFakeRack({ runningPolls: 1e6, logScripts: [{ end: 'break' }, { end: 'mark' }] });
  rack.addApp('shop');
  t.teardown(() => rack.close());
  return rack;
}

/** Follows a build that does not end by itself, on a terminal. */
async function buildOnTerminal(t: ExecutionContext, typing: Typing) {
  const rack = await startRack(t);
  const env = { RACK_URL: rack.url, NO_COLOR: '1' };
  const begun = [() => rack.logConnections > 2, CTRL_C] as const;
  const { code, shown } = await runOnTerminal(['build', createSource(t), '-a', 'shop'], {
    env,
    typing: [begun, ...typing],
  });
  const [build = {}] = rack.builds;
  return { code, shown, id: String(build.id), state: build.state };
}

test('convox build: on a terminal Ctrl-C asks, and y cancels the build and waits for its end', async (t) => {
  const { code, shown, id, state } = await buildOnTerminal(t, [['[y/N]', 'y\n']]);
  t.true(shown.includes(`\nBuild ${id} is running. Cancel it? [y/N] y\nCancelling build ${id}... OK\n`), shown);
  t.regex(shown, /ERROR:\S* build failed/);
  t.is(state, 'cancelled');
  t.is(code, 1, shown);
});

for (const [what, typed] of [
  ['n', 'n\n'],
  ['an empty line', '\n'],
  ['the end of input', '\u0004'],
  ['Ctrl-C again', CTRL_C],
] as const) {
  test(`convox build: on a terminal Ctrl-C and then ${what} leaves the build alone`, async (t) => {
    const { code, shown, id, state } = await buildOnTerminal(t, [['[y/N]', typed]]);
    t.true(shown.endsWith(`\nBuild ${id} goes on. Follow it with: convox builds logs ${id} -a shop\n`), shown);
    t.is(state, 'running');
    t.is(code, 130);
  });
}

test('convox builds logs: asks, too, while the build goes on', async (t) => {
  const rack = await startRack(t);
  rack.builds.push({ id: 'BA', status: 'running', state: 'running', polls: 1e6 });
  const { code, shown } = await runOnTerminal(['builds', 'logs', 'BA', '-a', 'shop'], {
    env: { RACK_URL: rack.url, NO_COLOR: '1' },
    typing: [
      [() => rack.logConnections > 2, CTRL_C],
      ['[y/N]', 'y\n'],
    ],
  });
  t.true(shown.includes('Build BA is running. Cancel it? [y/N] y\nCancelling build BA... OK\n'), shown);
  t.is(rack.builds[0]?.state, 'cancelled');
  t.is(code, 0);
});
