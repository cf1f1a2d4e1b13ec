// The fences of oxlint.config.mjs hold: an import across each of them is refused, and the rooms that may, may.

import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';

const CROSSINGS = [
  { from: 'apps/api/src', statement: `import 'knex';`, isRefused: true },
  { from: 'libs/store/src', statement: `import 'knex';`, isRefused: false },
  { from: 'libs/store/src', statement: `import 'bullmq';`, isRefused: true },
  { from: 'apps/worker/src', statement: `import 'bullmq';`, isRefused: true },
  { from: 'apps/worker/src', statement: `import '@grpc/grpc-js';`, isRefused: true },
  { from: 'libs/buildkit-client/src', statement: `import '@grpc/grpc-js';`, isRefused: false },
  { from: 'libs/store/src', statement: `import '@aws-sdk/client-s3';`, isRefused: true },
  { from: 'libs/store/src/objects/s3', statement: `import '@aws-sdk/client-s3';`, isRefused: false },
  { from: 'apps/worker/src', statement: `import '@opentelemetry/api';`, isRefused: true },
  { from: 'libs/runtime/src', statement: `import '@opentelemetry/api';`, isRefused: false },
  { from: 'apps/worker/src', statement: `import 'koa';`, isRefused: true },
  { from: 'apps/api/src', statement: `import '@koa/router';`, isRefused: false },
  { from: 'apps/api/src/workflows', statement: `import '../routes/builds.js';`, isRefused: true },
  { from: 'apps/cli/src', statement: `import '@convox-builds/api';`, isRefused: true },
  { from: 'apps/cli/src', statement: `import '@convox-builds/api-contract';`, isRefused: false },
  { from: 'apps/api/src', statement: `import '@convox-builds/store/dist/builds.js';`, isRefused: true },
  { from: 'apps/rack/src', statement: `import '@convox-builds/store/embedded';`, isRefused: false },
  { from: 'apps/worker/src', statement: 'process.env.HOME;', isRefused: true },
  { from: 'libs/runtime/src', statement: 'process.env.HOME;', isRefused: false },
];
const RULES = /no-restricted-imports|no-process-env/;

const crossings = CROSSINGS.map((crossing, index) => ({ ...crossing, path: `${crossing.from}/fence-${index}.ts` }));
let report;
try {
  for (const { path, statement } of crossings) writeFileSync(path, `${statement}\n`);
  const paths = crossings.map(({ path }) => path);
  report = spawnSync('npx', ['oxlint', '-c', 'oxlint.config.mjs', '-f', 'unix', ...paths], { encoding: 'utf8' }).stdout;
} finally {
  for (const { path } of crossings) rmSync(path, { force: true });
}

const refused = report.split('\n').filter((line) => RULES.test(line));
const wrong = crossings.filter(({ path, isRefused }) => isRefused !== refused.some((line) => line.startsWith(path)));
for (const { from, statement, isRefused } of wrong) {
  process.stdout.write(`${statement} in ${from} should ${isRefused ? '' : 'not '}be refused\n`);
}
process.exit(wrong.length === 0 ? 0 : 1);
