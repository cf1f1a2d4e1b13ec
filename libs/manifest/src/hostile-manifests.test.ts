import { processorMsSince } from '@convox-builds/testing';
import test from 'ava';
import fc from 'fast-check';

import { ManifestError } from './manifest-error.js';
import { parseManifest } from './parse-manifest.js';

const VARIABLES = new Map([
  ['A', '1'],
  ['LONG', 'x'.repeat(32 * 1024)],
  ['ODD', '"}\n[a: &b *c # ${A}'],
]);

const parse = (text: string) => parseManifest(text, { variables: VARIABLES, fileName: 'convox.yml' });

/** What comes out: a manifest or an error of our own; anything else is thrown. */
function outcome(text: string): ManifestError | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    if (error instanceof ManifestError) return error;
    throw error;
  }
}

const times = (count: number, make: (index: number) => string) => Array.from({ length: count }, (_, i) => make(i));
const KB = 1024;

/** Each level has ten of the one before. */
const aliasBomb = times(9, (i) => `a${i}: &a${i} [${times(10, () => (i === 0 ? 'x' : `*a${i - 1}`)).join(', ')}]`);
const mergeBomb = times(900, (i) => `a${i}: &a${i} {${i === 0 ? '' : `<<: *a${i - 1}, `}k${i}: 1}`);
const deepBomb = times(900, (i) => `a${i}: &a${i} ${'['.repeat(50)}${i === 0 ? '' : `*a${i - 1}`}${']'.repeat(50)}`);

const HOSTILE: Readonly<Record<string, string>> = {
  'an alias bomb': aliasBomb.join('\n'),
  'a merge bomb': mergeBomb.join('\n'),
  'aliases that nest for ever': deepBomb.join('\n'),
  'an alias of what it is in': 'a: &a [*a]\nservices: {web: }',
  'deep lists': '['.repeat(200 * KB),
  'deep mappings': '{a: '.repeat(60 * KB),
  'deep blocks': times(300, (i) => `${' '.repeat(i)}a:`).join('\n'),
  megabytes: 'x'.repeat(5 * KB * KB),
  'many items': `a: [${'a,'.repeat(100 * KB)}]`,
  'many lines': '- a\n'.repeat(60 * KB),
  'many documents': '---\n'.repeat(60 * KB),
  'many carriage returns': '\r'.repeat(200 * KB),
  'many variables': '${A}'.repeat(60 * KB),
  'variables that never close': '${'.repeat(120 * KB),
  'variables that grow': `a: "${'${LONG}'.repeat(1000)}"`,
  'many tags': '!a '.repeat(60 * KB),
  'many anchors': '&a '.repeat(60 * KB),
  'many services': `services:\n${times(15_000, (i) => ` a${i}:`).join('\n')}`,
  'variables times services': `environment: [${times(900, (i) => `A${i}`).join()}]\nservices:\n${times(900, (i) => ` a${i}:`).join('\n')}`,
  'a character NUL': 'services: {web: }\0',
  'control characters': 'services: {web: {image: "a\u0007"}}',
  'foreign fillers': 'services: {web: {image: "\uFDD0"}}',
  'a prototype': 'services: {__proto__: {image: a}, constructor: }',
  'a function': 'services: {web: !!js/function "function () {}"}',
};

for (const [what, text] of Object.entries(HOSTILE)) {
  test.serial(`parseManifest() refuses ${what} at once, in few words`, (t) => {
    const started = process.cpuUsage();
    const error = outcome(text);
    const ms = processorMsSince(started);
    t.truthy(error);
    t.true((error?.message.length ?? 0) < 1000, error?.message);
    t.true(ms < 1000, `${Math.round(ms)} ms`);
    t.regex(error?.message ?? '', /^(validation errors:\n)?convox\.yml:\d+:\d+: .+$/m);
  });
}

const HARMLESS: Readonly<Record<string, string>> = {
  'a long text': `services: {web: {command: "${'x'.repeat(250 * KB)}"}}`,
  'long numbers': `services: {web: {command: ${'9'.repeat(250 * KB)}}}`,
  'a long hexadecimal number': `services: {web: {command: 0x${'f'.repeat(200 * KB)}}}`,
  'dots and underscores': `services: {web: {command: .${'_'.repeat(200 * KB)}}}`,
  'keys of objects': 'services: {web: {image: a, constructor: 1, toString: 2, __proto__: 3}}',
  'a byte order mark': '\uFEFFservices: {web: }',
  'line ends of Windows': 'services:\r\n  web:\r\n    image: a\r\n',
  'line ends of old Macs': 'services:\r  web:\r    image: a\r',
  'characters of the last plane': 'services: {web: {command: "\u{F0000}\u{10FFFD}${A}"}}',
};

for (const [what, text] of Object.entries(HARMLESS)) {
  test.serial(`parseManifest() reads ${what}`, (t) => {
    const started = process.cpuUsage();
    t.deepEqual(Object.keys(parse(text).manifest.services), ['web']);
    t.true(processorMsSince(started) < 1000);
    t.is(({} as { polluted?: unknown }).polluted, undefined);
  });
}

const WORDS = [
  ...['services', 'web', 'build', 'image', 'environment', 'args', 'scale', 'count', 'ports', 'imagePullSecrets'],
  ...['resources', 'timers', 'balancers', 'labels', 'configs', 'true', 'on', '1-3', '8080', '~', '1.5', './a/../..'],
  ...[
    '${A}',
    '${ODD}',
    '${LONG}',
    '${',
    '}',
    ': ',
    ':',
    '\n',
    '\r\n',
    '  ',
    '\n  ',
    '\n    ',
    '- ',
    '{',
    '[',
    ']',
    ',',
  ],
  ...['&a ', '*a', '<<: ', '"', "'", '!!str ', '!x ', '|\n', '>-\n', '? ', '---\n', '...\n', '%TAG ! x', 'x', '\t'],
  ...['#', '\u0000', '\uFEFF', '\uFDD0', '\u{F0000}', '\uD800', '\\', 'ü', '\u2028', '__proto__'],
];

test('parseManifest() of anything gives a manifest or one of its own errors, in bounded time', (t) => {
  const anything = fc.oneof(
    { weight: 4, arbitrary: fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((words) => words.join('')) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  );
  fc.assert(
    fc.property(anything, (text) => {
      const started = process.cpuUsage();
      outcome(text);
      return processorMsSince(started) < 1000;
    }),
    { numRuns: 5000 },
  );
  t.pass();
});

/** Trees of the grammar's own words, written as flow YAML: they come further than texts do. */
const trees = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(...WORDS.filter((word) => /^[\w./${}-]+$/.test(word))).map((word) => JSON.stringify(word)),
    fc.constantFrom('yes', '7', '-1', '1.5', '~', '"1-3"', '""', '"3000:udp"'),
    fc.array(tie('node'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
    fc
      .uniqueArray(
        fc.constantFrom('services', 'web', 'build', 'path', 'args', 'scale', 'limit', 'cpu', 'ports', 'port'),
        {
          maxLength: 5,
        },
      )
      .chain((keys) => fc.tuple(...keys.map((key) => tie('node').map((value) => `${key}: ${String(value)}`))))
      .map((pairs) => `{${pairs.join(', ')}}`),
  ),
}));

test('parseManifest() of any tree gives a manifest or one of its own errors', (t) => {
  fc.assert(
    fc.property(trees.node, trees.node, (service, others) => {
      outcome(`services: {web: ${service}}\nresources: ${others}\n`);
      outcome(`services: {web: {build: ${service}, scale: ${others}}}`);
    }),
    { numRuns: 3000 },
  );
  t.pass();
});
