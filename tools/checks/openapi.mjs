// docs/openapi.json is the published description of the api as the code has it. With --write it is made so.

import { readFileSync, writeFileSync } from 'node:fs';

import { createOpenApi } from '../../libs/api-contract/dist/index.js';

const PATH = 'docs/openapi.json';
const current = `${JSON.stringify(createOpenApi(), undefined, 2)}\n`;

if (process.argv.includes('--write')) writeFileSync(PATH, current);
else if (readFileSync(PATH, 'utf8') !== current) {
  process.stdout.write(`${PATH}: it is not what the api does now: run node tools/checks/openapi.mjs --write\n`);
  process.exit(1);
}
