import { createRandom } from '@convox-builds/testing';

import { APP, type Bench } from './bench/bench.js';
import { startBench } from './bench/start-bench.js';
import { checkRemains } from './checker/check-processes.js';
import { checkPromises } from './checker/check-promises.js';
import { describeViolation } from './checker/violation.js';
import type { Scenario } from './scenarios/scenario.js';
import { wantComplete } from './scenarios/scenario.js';

const ALL = 100_000;

async function runOn(bench: Bench, scenario: Scenario): Promise<string[]> {
  const { run, complain = wantComplete } = scenario;
  await run(bench);
  await bench.settle();
  const violations = await checkPromises(bench);
  const complaints = complain(await bench.store.builds.list(APP, { limit: ALL }));
  return [...violations.map(describeViolation), ...complaints];
}

/** The warnings and errors of every process: what to read when a promise was broken. */
function lastWords({ cluster }: Bench): string[] {
  return cluster.members.flatMap((member) => {
    const lines = member
      .output()
      .split('\n')
      .filter((line) => /"level":(?:"warn"|"error"|[456]0)/.test(line));
    return lines.slice(-8).map((line) => `${member.name}: ${line.slice(0, 600)}`);
  });
}

/**
 * Runs a scenario on a rack of its own, waits until the rack has settled, and checks every promise.
 *
 * @returns what is wrong, in lines; empty when nothing is
 */
export async function runScenario(
  scenario: Scenario,
  { seed, say, previous }: { seed: number; say: (text: string) => void; previous?: string | undefined },
): Promise<string[]> {
  const version = scenario.isUpgrade && previous !== undefined ? { previous } : {};
  const bench = await startBench({ ...scenario.cluster, ...version, random: createRandom(seed), say });
  const wrong: string[] = [];
  try {
    wrong.push(...(await runOn(bench, scenario)));
    if (wrong.length > 0) for (const line of lastWords(bench)) say(line);
  } catch (error) {
    for (const line of lastWords(bench)) say(line);
    throw error;
  } finally {
    await bench.stop();
  }
  const remains = await checkRemains(bench);
  return [...wrong, ...remains.map(describeViolation)];
}
