import test from 'ava';

import { runScenario } from './run-scenario.js';
import { ALL_SCENARIOS } from './scenarios/all-scenarios.js';

// FAULT_ROWS: `all`, or rows separated by commas; without it the quick ones.
const rows = process.env['FAULT_ROWS'] ?? '';
// `npm run test:faults` chooses others: what `npm test` says does not depend on luck.
const seed = Number(process.env['FAULT_SEED'] ?? 20_260_704);

// FAULT_PREVIOUS: the folder of another version, built; without it nothing is upgraded.
const previous = process.env['FAULT_PREVIOUS'];

const scenarios = ALL_SCENARIOS.filter(({ row, isQuick, isUpgrade, pending }) => {
  if (isUpgrade && previous === undefined) return false;
  if (rows === '') return isQuick === true && pending === undefined;
  return rows === 'all' || rows.split(',').includes(row);
});

for (const scenario of scenarios) {
  const { row, title, pending } = scenario;
  const run = pending === undefined ? test : test.failing;
  run(`row ${row}: ${title}`, async (t) => {
    t.log(`FAULT_ROWS=${row} FAULT_SEED=${seed}`);
    const startedAt = performance.now();
    const wrong = await runScenario(scenario, { seed, previous, say: (text) => t.log(text) });
    for (const line of wrong) t.log(line);
    t.log(`${Math.round((performance.now() - startedAt) / 1000)} s`);
    t.deepEqual(wrong, []);
  });
}
