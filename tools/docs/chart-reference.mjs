import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { isMap, isScalar, parseDocument } from 'yaml';

import { ROOT } from '../set-up/stamp.mjs';
import { formatTable } from './format-table.mjs';

const CHART = 'deploy/helm';
const README = `${CHART}/README.md`;
/** What stands between these is generated. */
const TABLE = /(<!-- table of values -->\n)[\s\S]*?(\n<!-- end of table -->)/;

const read = (file) => readFileSync(join(ROOT, file), 'utf8');

/** The comment above a key, in one line. The one above the first key of a map is the map's. */
function commentOf(map, index) {
  const comment = map.items[index].key.commentBefore ?? (index === 0 ? map.commentBefore : undefined) ?? '';
  return comment
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim();
}

/** The words that are allowed, where only some are. */
function describeChoice({ enum: choice } = {}) {
  return choice === undefined ? '' : `One of ${choice.map((word) => `\`${word}\``).join(', ')}.`;
}

/** What a key has when nobody says otherwise, as it stands there. */
function describeDefault(value, text) {
  if (isScalar(value) && (value.value === '' || value.value === null)) return '';
  return `\`${text.slice(...value.range)}\``;
}

/** A row for each key that has a value or a comment. */
function* listRows(map, { text, schema, path = '' }) {
  for (const [index, { key, value }] of map.items.entries()) {
    const name = `${path}${key.value}`;
    const isGroup = isMap(value) && !value.flow;
    const comment = commentOf(map, index);
    const inner = schema?.properties?.[key.value];
    const meaning = [comment === '' || /[.:?!]$/.test(comment) ? comment : `${comment}.`, describeChoice(inner)];
    const fallback = isGroup ? '' : describeDefault(value, text);
    if (!isGroup || comment !== '') yield [`\`${name}\``, fallback, meaning.filter(Boolean).join(' ')];
    if (isGroup) yield* listRows(value, { text, schema: inner, path: `${name}.` });
  }
}

/** What the chart's README says about its values, from the values themselves and their schema. */
export function makeChartReference() {
  const text = read(`${CHART}/values.yaml`);
  const schema = JSON.parse(read(`${CHART}/values.schema.json`));
  const rows = [...listRows(parseDocument(text).contents, { text, schema })];
  const table = formatTable(['value', 'default', 'meaning'], rows);
  return [{ path: README, text: read(README).replace(TABLE, (_all, begin, end) => `${begin}\n${table}\n${end}`) }];
}
