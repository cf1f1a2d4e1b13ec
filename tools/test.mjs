// `npm test`: set-up, every rule, every test. The last line counts them.

import { spawn } from 'node:child_process';

import { check } from './check.mjs';
import { setUp } from './set-up/main.mjs';
import { ROOT } from './set-up/stamp.mjs';

/** What ava says at the end of a project's tests. */
const COUNTS = { passed: /(\d+) tests? passed/g, failed: /(\d+) (?:tests?|known failures?|hooks?) failed/g };

const sum = (output, pattern) => [...output.matchAll(pattern)].reduce((total, [, count]) => total + Number(count), 0);

async function runTests() {
  const args = ['nx', 'run-many', '-t', 'test', '--parallel=1', '--output-style=stream', ...process.argv.slice(2)];
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' };
  const tests = spawn('npx', args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  tests.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
    process.stdout.write(text);
  });
  const code = await new Promise((resolve) => tests.once('close', resolve));
  return { code, passed: sum(output, COUNTS.passed), failed: sum(output, COUNTS.failed) };
}

await setUp({ isForTests: true });
const checks = await check();
const { code, passed, failed } = await runTests();
// A project that could not even run its tests has failed, whatever it counted.
const failures = failed + checks.failed + (code !== 0 && failed === 0 ? 1 : 0);
process.stdout.write(`\n${passed + checks.passed} passed, ${failures} failed\n`);
process.exit(failures === 0 && passed > 0 ? 0 : 1);
