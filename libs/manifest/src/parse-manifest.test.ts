import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';

import { ManifestError } from './manifest-error.js';
import { type ParsedManifest, parseManifest } from './parse-manifest.js';

const parse = (text: string, variables: Readonly<Record<string, string>> = {}): ParsedManifest =>
  parseManifest(text, { variables: new Map(Object.entries(variables)), fileName: 'convox.yml' });

function refuse(t: ExecutionContext, text: string, message: string | RegExp): void {
  t.throws(() => parse(text), { instanceOf: ManifestError, message });
}

test('parseManifest() reads services in their order, with and without a body', (t) => {
  const { manifest, warnings } = parse('services:\n  web:\n    build: .\n  api:\n  db: {image: "postgres:17"}\n');
  t.deepEqual(Object.keys(manifest.services), ['web', 'api', 'db']);
  t.like(manifest.services['api'], {
    image: undefined,
    build: { path: '.', manifest: 'Dockerfile', target: undefined },
  });
  t.like(manifest.services['db'], { image: 'postgres:17', build: undefined });
  t.deepEqual(warnings, []);
});

test('parseManifest() reads every form of build', (t) => {
  const { manifest } = parse(`
services:
  text: {build: ./sub/}
  map:
    build:
      path: ./sub
      manifest: docker/Dockerfile.prod
      args: [A=1, "B", "C=x=y"]
      target: prod
      secrets: [TOKEN]
      platforms: [linux/amd64, linux/arm64]
  argmap:
    build: {args: {A: 1, B: }}
  beside: {build: {path: sub, manifest: ../Dockerfile}}
`);
  t.is(manifest.services['text']?.build?.path, 'sub');
  t.deepEqual(manifest.services['map']?.build, {
    path: 'sub',
    manifest: 'docker/Dockerfile.prod',
    args: [
      { name: 'A', value: '1' },
      { name: 'B', value: undefined },
      { name: 'C', value: 'x=y' },
    ],
    target: 'prod',
    secrets: ['TOKEN'],
    platforms: ['linux/amd64', 'linux/arm64'],
  });
  t.deepEqual(manifest.services['argmap']?.build?.args, [
    { name: 'A', value: '1' },
    { name: 'B', value: undefined },
  ]);
  t.is(manifest.services['beside']?.build?.manifest, '../Dockerfile');
});

test('parseManifest() prefers image to build', (t) => {
  t.is(parse('services: {web: {build: ., image: nginx}}').manifest.services['web']?.build, undefined);
});

test('parseManifest() puts the environment of all services before their own, and opens lists of lists', (t) => {
  const { manifest } = parse(`
x: &shared [A, B=1]
environment: [*shared, C]
services:
  web: {environment: ["D=x=y", "*"]}
`);
  t.deepEqual(manifest.services['web']?.environment, ['A', 'B=1', 'C', 'D=x=y', '*']);
});

test('parseManifest() understands anchors and merges', (t) => {
  const { manifest } = parse('services:\n  a: &a {image: one}\n  b: {<<: *a}\n  c: {<<: *a, image: two}\n');
  t.deepEqual(
    Object.values(manifest.services).map(({ image }) => image),
    ['one', 'one', 'two'],
  );
});

test('parseManifest() fills in variables, which can never change the structure', (t) => {
  const { manifest } = parse('services: {web: {image: "repo/${NAME}:${TAG}${NOTHING}"}}', {
    NAME: 'a',
    TAG: 'x"}, evil: {image: y',
  });
  t.deepEqual(Object.keys(manifest.services), ['web']);
  t.is(manifest.services['web']?.image, 'repo/a:x"}, evil: {image: y');
});

test('parseManifest() warns of what is required and not set, and refuses when the text itself needs it', (t) => {
  const text = 'environment: [B, A, C=1]\nservices: {web: {}}';
  t.deepEqual(parse(text).warnings, ['warning: required env: A, B']);
  t.deepEqual(parse(text, { A: '', B: 'x' }).warnings, []);
  refuse(t, 'environment: [TAG]\nservices: {web: {image: "a:${TAG}"}}', 'required env: TAG');
});

test('parseManifest() warns of unknown keys with the one that was meant', (t) => {
  const { warnings } = parse(
    'services:\n  web: {biuld: ., manifest: D, port: 1, build: {paht: .}}\nservicess: {}\nzzzzzz: 1',
  );
  t.deepEqual(warnings, [
    'warning: convox.yml: unknown key servicess, did you mean services?',
    'warning: convox.yml: unknown key zzzzzz',
    'warning: convox.yml: unknown key biuld in service web, did you mean build?',
    'warning: convox.yml: unknown key manifest in service web, did you mean build.manifest?',
    'warning: convox.yml: unknown key paht in build of service web, did you mean path?',
  ]);
});

test('parseManifest() names types that are wrong', (t) => {
  refuse(t, 'services: {web: {build: [a]}}', 'unknown type for service build: list');
  refuse(t, 'services: {web: {build: 7}}', 'unknown type for service build: int');
  refuse(t, 'services: {web: {environment: text}}', 'unknown type for service environment: string');
  refuse(t, 'services: {web: {environment: {A: 1}}}', 'unknown type for service environment: map');
  refuse(t, 'services: [web]', 'unknown type for services: list');
  refuse(t, 'just text', 'unknown type for convox.yml: string');
  refuse(t, 'services: {web: {image: {a: b}}}', 'unknown type for service image: map');
});

test('parseManifest() drops environment items of other types with a warning', (t) => {
  const { manifest, warnings } = parse('services: {web: {environment: [A=1, {K: v}, 7]}}');
  t.deepEqual(manifest.services['web']?.environment, ['A=1']);
  t.is(warnings.length, 2);
});

test('parseManifest() refuses names, and no services at all', (t) => {
  refuse(
    t,
    'services: {Web: {}, "a_b": {}, ok: {}}',
    /^validation errors:\nservice name Web invalid.*\nservice name a_b invalid/,
  );
  refuse(t, `services: {${'a'.repeat(117)}: {}}`, /at most 116 characters/);
  refuse(t, '', /no services defined/);
  refuse(t, 'services: {}', /no services defined/);
  refuse(t, 'services: {__proto__: {image: a}}', /service name __proto__ invalid/);
  refuse(t, 'services: {web: {image: ""}}', 'service web has blank image');
});

test('parseManifest() refuses paths out of the source', (t) => {
  for (const path of ['..', '../x', 'a/../../x', '/etc', '/'])
    refuse(t, `services: {web: {build: "${path}"}}`, `service web: build path ${path} is outside the source`);
  refuse(t, 'services: {web: {build: {path: a, manifest: ../../D}}}', /Dockerfile .* is outside the source/);
});

test('parseManifest() tells where YAML breaks', (t) => {
  refuse(t, 'services:\n  web: [1\n', /^convox\.yml:3:1: /);
  refuse(t, 'services: {a: {}, a: {}}', /^convox\.yml:1:\d+: duplicated mapping key/);
  refuse(t, 'services:\n\tweb: {}', /^convox\.yml:2:\d+: /);
  refuse(t, '? [a]\n: 1', /a key is a list or a mapping/);
});

test('parseManifest() takes no part in attacks', (t) => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 9; level++) {
    const [from, to] = ['abcdefghi'[level - 1], 'abcdefghi'[level]];
    bomb.push(`${to}: &${to} [${Array.from({ length: 10 }, () => `*${from}`).join(', ')}]`);
  }
  refuse(t, `${bomb.join('\n')}\nservices: {web: {}}`, /.+/);
  refuse(t, '['.repeat(10_000), /.+/);
  refuse(t, 'x'.repeat(300_000), /larger than 262144 bytes/);
  refuse(t, 'services: {web: !!js/function "x"}', /.+/);
  t.notThrows(() => parse('services: {web: {image: "a", constructor: 1, toString: 2}}'));
  t.is(({} as { polluted?: unknown }).polluted, undefined);
});

test('parseManifest() of anything gives a manifest or one of its own errors', (t) => {
  const words = fc.constantFrom(
    'services',
    'web',
    'build',
    'image',
    'environment',
    '${A}',
    ': ',
    '\n',
    '  ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '&a',
    '*a',
    '<<',
    '"',
    '!!',
    '|',
    'x',
    '1',
    '\t',
    '#',
    '\u0000',
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
      try {
        parse(parts.join(''), { A: '1' });
      } catch (error) {
        t.true(error instanceof ManifestError, `${JSON.stringify(parts.join(''))}: ${String(error)}`);
      }
    }),
    { numRuns: 2000 },
  );
});
