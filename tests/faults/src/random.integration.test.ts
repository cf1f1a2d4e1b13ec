import { randomInt } from 'node:crypto';

import test from 'ava';

import { randomRun } from './random-run/random-run.js';
import { runScenario } from './run-scenario.js';

const FEW_BUILDS = '12';
const builds = Number(process.env['FAULT_BUILDS'] ?? FEW_BUILDS);
const seed = Number(process.env['FAULT_SEED'] ?? randomInt(1_000_000));

test(`${builds} builds while everything is damaged at random: every promise is kept`, async (t) => {
  const say = (text: string) => {
    t.log(text);
    // Reports of a run of hours come while it runs.
    if (process.env['FAULT_BUILDS'] !== undefined) process.stderr.write(`${text}\n`);
  };
  say(`FAULT_BUILDS=${builds} FAULT_SEED=${seed}`);
  const wrong = await runScenario(randomRun({ builds, seed, say }), { seed, say });
  for (const line of wrong) say(line);
  t.deepEqual(wrong, []);
});
