// `npm run check`: every rule of the workspace, each by the tool that holds it.

import { spawnSync } from 'node:child_process';

import { ROOT } from './set-up/stamp.mjs';

const RULES = [
  { name: 'types', command: ['npx', 'nx', 'run-many', '-t', 'build', '--output-style=stream'] },
  { name: 'format', command: ['npx', 'biome', 'ci', '--colors=off', '.'] },
  { name: 'lint and fences', command: ['npx', 'oxlint', '-c', 'oxlint.config.mjs', '--type-aware', '--deny-warnings'] },
  { name: 'fences bite', command: ['node', 'tools/checks/fences-bite.mjs'] },
  { name: 'documented exports', command: ['node', 'tools/checks/documented-exports.mjs'] },
  { name: 'unused and undeclared', command: ['npx', 'knip', '--no-progress', '--no-config-hints'] },
  { name: 'links of the documents', command: ['node', 'tools/checks/document-links.mjs'] },
  { name: 'documents made from the code', command: ['node', 'tools/docs/main.mjs', '--check'] },
  { name: 'a test for each promise and for what clients rely on', command: ['node', 'tools/checks/promises.mjs'] },
  { name: 'sizes of files and functions', command: ['node', 'tools/checks/file-sizes.mjs'] },
];

/** Runs all rules; shows what the broken ones say. */
export async function check() {
  let passed = 0;
  for (const { name, command } of RULES) {
    const [program, ...args] = command;
    const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };
    const result = spawnSync(program, args, { cwd: ROOT, env, encoding: 'utf8' });
    if (result.status === 0) passed++;
    else process.stdout.write(`${result.stdout}${result.stderr}`);
    process.stdout.write(`check: ${name}: ${result.status === 0 ? 'ok' : 'FAILED'}\n`);
  }
  return { passed, failed: RULES.length - passed };
}

if (process.argv[1] === import.meta.filename) {
  const { failed } = await check();
  process.exit(failed === 0 ? 0 : 1);
}
