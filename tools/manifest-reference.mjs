// Writes what docs/convox-yml.md and docs/convox.schema.json say about keys from the grammar that reads them. With --check it
// says whether they are current.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describeManifest, manifestSchema } from '@convox-builds/manifest';

import { ROOT } from './set-up/stamp.mjs';

const REFERENCE = join(ROOT, 'docs/convox-yml.md');
const SCHEMA = join(ROOT, 'docs/convox.schema.json');
/** What stands between these is generated. */
const TABLE = /(<!-- table (\w+) -->\n)[\s\S]*?(\n<!-- end of table -->)/g;

function formatTable(rows) {
  const cells = [['key', 'type', 'meaning'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => [...row[column]].length)));
  const line = (row) =>
    `| ${row.map((cell, column) => cell + ' '.repeat(widths[column] - [...cell].length)).join(' | ')} |`;
  return [line(cells[0]), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}

const tables = describeManifest();

function generateTable(name) {
  const keys = tables[name];
  if (keys === undefined) throw new Error(`Cannot write table "${name}": the grammar has none of that name`);
  return formatTable(
    keys.map(({ name: key, type, doc, fallback }) => [
      `\`${key}\``,
      type,
      fallback === '' ? doc : `${doc}; default \`${fallback}\``,
    ]),
  );
}

const reference = readFileSync(REFERENCE, 'utf8');
const files = [
  {
    path: REFERENCE,
    text: reference.replace(TABLE, (_all, begin, name, end) => `${begin}\n${generateTable(name)}\n${end}`),
  },
  { path: SCHEMA, text: `${JSON.stringify(manifestSchema(), undefined, 2)}\n` },
];

if (process.argv.includes('--check')) {
  const stale = files.filter(({ path, text }) => readFileSync(path, 'utf8') !== text);
  for (const { path } of stale) process.stdout.write(`${path} is not current: run node tools/manifest-reference.mjs\n`);
  process.exit(stale.length === 0 ? 0 : 1);
}
for (const { path, text } of files) writeFileSync(path, text);
