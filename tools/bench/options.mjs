import { parseArgs } from 'node:util';

/**
 * Reads the command line: `--rounds 9`, `--only no-op-solve` (as often as wanted), `--json`.
 *
 * @throws {TypeError}
 */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '9' },
      only: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new TypeError(`Cannot run "${values.rounds}" rounds: expected a whole number from 1`);
  return { rounds, only: values.only, json: values.json };
}

/** The benchmarks of these names; without names all of them. */
export function chooseBenchmarks(benchmarks, names = benchmarks.map(({ name }) => name)) {
  return names.map((name) => {
    const found = benchmarks.find((benchmark) => benchmark.name === name);
    if (found !== undefined) return found;
    throw new TypeError(`Cannot run "${name}": expected ${benchmarks.map((benchmark) => benchmark.name).join(', ')}`);
  });
}
