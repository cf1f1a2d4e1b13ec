// `npm run docs`: writes the documents that are made from the code. With --check it says which of them are not current.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../set-up/stamp.mjs';
import { makeChartReference } from './chart-reference.mjs';
import { makeCliReference } from './cli-reference.mjs';
import { makeManifestReference } from './manifest-reference.mjs';
import { makeOpenApi } from './openapi.mjs';

const documents = [
  ...(await makeCliReference()),
  ...makeManifestReference(),
  ...makeOpenApi(),
  ...makeChartReference(),
];
const stale = documents.filter(({ path, text }) => readFileSync(join(ROOT, path), 'utf8') !== text);

if (process.argv.includes('--check')) {
  for (const { path } of stale) process.stdout.write(`${path} is not what the code says: run npm run docs\n`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const { path, text } of stale) writeFileSync(join(ROOT, path), text);
}
