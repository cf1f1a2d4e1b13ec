import test, { type ExecutionContext } from 'ava';

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
    build: {args: {A: 1.10, B: }}
  beside: {build: {path: sub, manifest: ../Dockerfile}}
`);
  t.is(manifest.services['text']?.build?.path, 'sub');
  t.deepEqual(manifest.services['map']?.build, {
    path: 'sub',
    manifest: 'docker/Dockerfile.prod',
    args: [
      { name: 'A', value: '1', place: 'convox.yml:8:14' },
      { name: 'B', value: undefined, place: 'convox.yml:8:19' },
      { name: 'C', value: 'x=y', place: 'convox.yml:8:24' },
    ],
    target: 'prod',
    secrets: ['TOKEN'],
    platforms: ['linux/amd64', 'linux/arm64'],
    places: { path: 'convox.yml:6:13', manifest: 'convox.yml:7:17', secrets: 'convox.yml:10:16' },
  });
  t.deepEqual(manifest.services['argmap']?.build?.args, [
    { name: 'A', value: '1.10', place: 'convox.yml:13:20' },
    { name: 'B', value: undefined, place: 'convox.yml:13:29' },
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
  t.deepEqual(parse(text).warnings, ['warning: convox.yml:1:15: required env: A, B']);
  t.deepEqual(parse(text, { A: '', B: 'x' }).warnings, []);
  t.deepEqual(parse('services:\n  web: {environment: [A, A=1]}').warnings, [
    'warning: convox.yml:2:23: required env: A',
  ]);
  refuse(t, 'environment: [TAG]\nservices: {web: {image: "a:${TAG}"}}', 'convox.yml:1:15: required env: TAG');
  // A comment needs nothing.
  t.notThrows(() => parse('environment: [TAG]\nservices: {web: } # ${TAG}'));
});

test('parseManifest() warns of unknown keys with the one that was meant, in the order of the file', (t) => {
  const { warnings } = parse(
    'services:\n  web: {biuld: ., manifest: D, port: 1, build: {paht: .}}\nservicess: {}\nzzzzzz: 1',
  );
  t.deepEqual(warnings, [
    'warning: convox.yml:2:9: unknown key biuld in service web, did you mean build?',
    'warning: convox.yml:2:19: unknown key manifest in service web, did you mean build.manifest?',
    'warning: convox.yml:2:49: unknown key paht in build of service web, did you mean path?',
    'warning: convox.yml:3:1: unknown key servicess, did you mean services?',
    'warning: convox.yml:4:1: unknown key zzzzzz',
  ]);
});

test('parseManifest() warns of a hundred things at most', (t) => {
  const keys = Array.from({ length: 500 }, (_, index) => `x${index}: 1`);
  const { warnings } = parse(`services: {web: }\n${keys.join('\n')}`);
  t.is(warnings.length, 101);
  t.is(warnings.at(-1), 'warning: and 400 more');
});

test('parseManifest() drops environment items of other types with a warning', (t) => {
  const { manifest, warnings } = parse('services: {web: {environment: [A=1, {K: v}, 7]}}');
  t.deepEqual(manifest.services['web']?.environment, ['A=1']);
  t.deepEqual(warnings, [
    'warning: convox.yml:1:37: environment item of type map is ignored, write KEY=value',
    'warning: convox.yml:1:45: environment item of type int is ignored, write KEY=value',
  ]);
});

test('parseManifest() gives the defaults of what runs', (t) => {
  const { services } = parse(`
services:
  plain:
  single: {singleton: true, scale: 1-3, port: https:443, drain: 0}
  sized: {scale: {cpu: 512, limit: {memory: 1024}, min: 2, max: 4}, init: false, deployment: {minimum: 25}}
  gpu: {scale: {gpu: 1}}
`).manifest;
  t.deepEqual(services['plain']?.run, {
    port: undefined,
    scale: { count: { min: 1, max: 1 }, cpu: 250, memory: 512 },
    deployment: { minimum: 50, maximum: 200 },
    isInit: true,
    drainSeconds: 30,
    timeoutSeconds: 60,
    graceSeconds: 30,
  });
  t.like(services['single']?.run, {
    port: { port: 443, scheme: 'https' },
    scale: { count: { min: 1, max: 3 } },
    deployment: { minimum: 0, maximum: 100 },
    drainSeconds: 30,
  });
  t.like(services['sized']?.run, {
    scale: { count: { min: 2, max: 4 }, cpu: 512, memory: 1024 },
    deployment: { minimum: 25, maximum: 200 },
    isInit: false,
  });
  t.like(services['gpu']?.run.scale, { cpu: 0, memory: 0 });
});

test('parseManifest() reads what is beside the services', (t) => {
  const { manifest } = parse(`
labels: {team: a, on: yes}
resources: {db: {type: postgres, options: {version: 13.10}}}
balancers: {main: {service: web, ports: {3000: 1000, 3001: {protocol: tcp, port: 5000}}, whitelist: 10.0.0.0/8}}
timers: {nightly: {schedule: "*/1 * * * ? *", command: bin/x, service: web}}
configs: [{id: a, value: x}]
services: {web: {configMounts: [{id: a, dir: /etc, filename: f}], resources: ["db:URL"]}}
`);
  t.like(manifest, {
    labels: { team: 'a', on: 'yes' },
    resources: { db: { type: 'postgres', image: undefined, options: { version: '13.10' } } },
    balancers: { main: { service: 'web' } },
    timers: { nightly: { schedule: '*/1 * * * *', command: 'bin/x', service: 'web' } },
  });
});

test('parseManifest() reads logins of registries', (t) => {
  const { manifest } = parse(
    'services: {web: {imagePullSecrets: [{registry: a.example.com, username: u, password: "${P}"}, {registry: "b:5000", username: v, passwordEnv: P}]}}',
    { P: 'secret' },
  );
  t.deepEqual(manifest.services['web']?.imagePullSecrets, [
    { registry: 'a.example.com', username: 'u', password: { value: 'secret' } },
    { registry: 'b:5000', username: 'v', password: { variable: 'P' } },
  ]);
});
