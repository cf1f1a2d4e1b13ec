import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describeManifest, manifestSchema } from '@convox-builds/manifest';

import { ROOT } from '../set-up/stamp.mjs';
import { formatTable } from './format-table.mjs';

const REFERENCE = 'docs/convox-yml.md';
const SCHEMA = 'docs/convox.schema.json';
/** What stands between these is generated. */
const TABLE = /(<!-- table (\w+) -->\n)[\s\S]*?(\n<!-- end of table -->)/g;

const tables = describeManifest();

function generateTable(name) {
  const keys = tables[name];
  if (keys === undefined) throw new Error(`Cannot write table "${name}": the grammar has none of that name`);
  return formatTable(
    ['key', 'type', 'meaning'],
    keys.map(({ name: key, type, doc, fallback }) => [
      `\`${key}\``,
      type,
      fallback === '' ? doc : `${doc}; default \`${fallback}\``,
    ]),
  );
}

/** What docs/convox-yml.md says about keys, and the schema for editors, from the grammar that reads them. */
export function makeManifestReference() {
  const reference = readFileSync(join(ROOT, REFERENCE), 'utf8');
  return [
    {
      path: REFERENCE,
      text: reference.replace(TABLE, (_all, begin, name, end) => `${begin}\n${generateTable(name)}\n${end}`),
    },
    { path: SCHEMA, text: `${JSON.stringify(manifestSchema(), undefined, 2)}\n` },
  ];
}
