import test, { type ExecutionContext } from 'ava';

import { ManifestError } from '../manifest-error.js';
import { parseYaml } from './parse-yaml.js';
import type { YamlNode } from './yaml-node.js';

type Variables = Readonly<Record<string, string>>;

const parse = (text: string, variables: Variables = {}) =>
  parseYaml(text, { variables: new Map(Object.entries(variables)), fileName: 'f.yml' });

/** What a tree is for JavaScript, with maps as lists of pairs. */
function plain(node: YamlNode | undefined): unknown {
  if (node === undefined) return undefined;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return [...node.entries].map(([name, { value }]) => [name, plain(value)]);
}

const read = (text: string, variables?: Variables) => plain(parse(text, variables).root);
const texts = (node: YamlNode | undefined) =>
  node?.kind === 'list' ? node.items.map((item) => (item.kind === 'scalar' ? item.text : undefined)) : undefined;

function refuse(t: ExecutionContext, text: string, message: string | RegExp): void {
  t.throws(() => parse(text), { instanceOf: ManifestError, message });
}

test('parseYaml() has the types of YAML 1.1, and keeps what was written', (t) => {
  const list =
    '[yes, No, on, OFF, true, ~, "", null, 010, 0x1F, 1_000, 1.10, 22:22, 2024-01-02, "yes", !!str 7, !!int "7"]';
  t.deepEqual(read(list), [
    ...[true, false, true, false, true, null, '', null, 8, 31, 1000, 1.1, '22:22', '2024-01-02', 'yes', '7', 7],
  ]);
  t.deepEqual(texts(parse('[yes, 010, 1.10, ~, !!int "7"]').root), ['yes', '010', '1.10', '~', '7']);
});

test('parseYaml() keeps keys as they are written, and their order', (t) => {
  t.deepEqual(read('{on: 1, 8080: 2, 1.10: 3, "": 4, null: 5, __proto__: 6}'), [
    ['on', 1],
    ['8080', 2],
    ['1.10', 3],
    ['', 4],
    ['null', 5],
    ['__proto__', 6],
  ]);
});

test('parseYaml() carries merges out: own keys win, then the first of several', (t) => {
  const text = `
a: &a {x: 1, y: 1}
b: &b {y: 2, z: 2}
one: {y: 0, <<: *a}
two: {"<<": [*a, *b], z: 9}
three:
  <<: *a
  <<: *b
`;
  t.deepEqual((read(text) as unknown[]).slice(2), [
    [
      'one',
      [
        ['y', 0],
        ['x', 1],
      ],
    ],
    [
      'two',
      [
        ['x', 1],
        ['y', 1],
        ['z', 9],
      ],
    ],
    [
      'three',
      [
        ['x', 1],
        ['y', 1],
        ['z', 2],
      ],
    ],
  ]);
  refuse(t, 'a: {<<: text}', 'f.yml:1:9: only a mapping, or a list of mappings, can be merged');
});

test('parseYaml() refuses keys that come twice', (t) => {
  refuse(t, 'a: 1\nb: 2\n"a": 3', 'f.yml:3:1: duplicated mapping key a, it is already in line 1');
  refuse(t, '{a: 1, ${A}: 2, ${A}: 3}', /duplicated mapping key/);
});

test('parseYaml() tells where YAML breaks', (t) => {
  refuse(t, 'services:\n  web: [1\n', /^f\.yml:3:1: /);
  refuse(t, 'services:\n\tweb: {}', /^f\.yml:2:\d+: /);
  refuse(t, '? [a]\n: 1', 'f.yml:1:3: a key is a list or a mapping');
  refuse(t, 'a: *b', 'f.yml:1:4: alias *b names nothing that ends before it');
  refuse(t, 'a: &a [*a]', 'f.yml:1:8: alias *a names nothing that ends before it');
  refuse(t, 'a: !!js/function "x"', 'f.yml:1:18: tag !!js/function is unknown or does not fit');
  refuse(t, 'a: !!binary aGk=', /tag !!binary is unknown/);
  refuse(t, 'a: !!set {b}', /tag !!set is unknown/);
  refuse(t, 'a: !!int x', /tag !!int is unknown or does not fit/);
});

test('parseYaml() reads the first of several documents, and says so', (t) => {
  const { root, warnings } = parse('---\na: 1\n---\nb: 2\n');
  t.deepEqual(plain(root), [['a', 1]]);
  t.deepEqual(warnings, [
    { place: { fileName: 'f.yml', line: 4, column: 1 }, text: 'only the first document of this file is read' },
  ]);
  t.deepEqual(parse('a: 1\n---\n').warnings, []);
});

test('parseYaml() puts the values of variables into scalars and keys', (t) => {
  t.deepEqual(read('{${K}: "<${A}>", b: ${N}, c: x${N}, d: ${NO}, e: "${NO}"}', { K: 'key', A: 'a: b', N: '3' }), [
    ['key', '<a: b>'],
    ['b', 3],
    ['c', 'x3'],
    ['d', null],
    ['e', ''],
  ]);
  t.deepEqual(read('a: ${two words\nand lines}', { 'two words\nand lines': 'v' }), [['a', 'v']]);
  t.deepEqual(read('[$A, $${A}, "${A"]', { A: 'v' }), ['$A', '$v', '${A']);
});

test('parseYaml() knows which variables are used, comments aside', (t) => {
  t.deepEqual([...parse('a: "${A}${B}" # ${C}\n${D}: 1').usedNames], ['A', 'B', 'D']);
});

const INJECTIONS: readonly (readonly [text: string, value: string, isOdd: boolean])[] = [
  ['a: ${V}', 'b: c', true],
  ['a: ${V}', 'x\nb: 1', true],
  ['a: ${V}', '[x]', true],
  ['a: ${V}', 'x # y', true],
  ['a: ${V}', '*b', true],
  ['a: [${V}]', 'x, y', true],
  ['a: {b: "${V}"}', 'x"}, c: {d: "y', true],
  ['a: "${V}"', 'C:\\dir', true],
  ["a: '${V}'", "it's", true],
  ['${V}: 1', 'x: y', true],
  ['a: |\n  ${V}', 'x\ny', true],
  ['a: 1 # ${V}', 'x\nb: 2', true],
  ['a: ${V}', 'x, y', false],
  ['a: x${V}', 'postgres://u:p@h/d?a=b', false],
  ['a: "${V}"', 'a: [b] # c', false],
  ["a: '${V}'", '{"a": 1}', false],
  ['a: |\n  ${V}', 'a: b', false],
  ['${V}: 1', 'x', false],
  ['a: ${V}', '', false],
  ['a: ${V}', '7', false],
  ['a: 1 # ${V}', 'x: y', false],
];

for (const [text, value, isOdd] of INJECTIONS) {
  test(`parseYaml() ${isOdd ? 'warns' : 'does not warn'} of ${JSON.stringify(value)} in ${JSON.stringify(text)}`, (t) => {
    const { root, warnings } = parse(text, { V: value });
    t.true(root?.kind === 'map' && root.entries.size === 1);
    const said = 'the value of ${V} would change the structure of this file; it is taken as text';
    t.deepEqual(
      warnings.map((warning) => warning.text),
      isOdd ? [said] : [],
    );
  });
}
