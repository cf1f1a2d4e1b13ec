import anyTest, { type TestFn } from 'ava';

import { randomRun } from './random-run/random-run.js';
import { runScenario } from './run-scenario.js';

const test = anyTest as TestFn<{ wrong: readonly string[] }>;

const FEW_BUILDS = '12';
const builds = Number(process.env['FAULT_BUILDS'] ?? FEW_BUILDS);
// `npm run test:faults` chooses others: what `npm test` says does not depend on luck.
const seed = Number(process.env['FAULT_SEED'] ?? 20_260_704);

/** Reports of a run of hours come while it runs. */
function say(text: string): void {
  if (process.env['FAULT_BUILDS'] !== undefined) process.stderr.write(`${text}\n`);
}

test.before(async (t) => {
  t.log(`FAULT_BUILDS=${builds} FAULT_SEED=${seed}: everything is damaged at random while ${builds} builds are made`);
  const sayBoth = (text: string) => {
    t.log(text);
    say(text);
  };
  const wrong = await runScenario(randomRun({ builds, seed, say: sayBoth }), { seed, say: sayBoth });
  for (const line of wrong) sayBoth(line);
  t.context = { wrong };
});

const PROMISES = [
  'promise 1: a build that was accepted ends, with a reason',
  'promise 2: a complete build has one release, another one has none',
  'promise 3: what a release names is in the registry',
  'promise 4: the log is complete, in order and stored, and so is what was streamed of it',
  'promise 5: what dies only delays builds',
  'promise 6: nothing of a build runs on after its end',
  'promise 7: no secret is in a log, in what a process writes, or on a command line',
  'promise 9: no process grows',
];

for (const promise of PROMISES) {
  const [name] = promise.split(':');
  test(promise, (t) => {
    const broken = t.context.wrong.filter((line) => line.startsWith(`${name} is broken`));
    t.deepEqual(broken, []);
  });
}

test('nothing else is wrong after everything was damaged at random', (t) => {
  const others = t.context.wrong.filter((line) => !/^promise \d+ is broken/.test(line));
  t.deepEqual(others, []);
});
