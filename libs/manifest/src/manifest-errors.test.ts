import test from 'ava';

import { ManifestError, type ManifestErrorCode } from './manifest-error.js';
import { parseManifest } from './parse-manifest.js';

const web = (keys: string) => `services: {web: {${keys}}}`;
const withWeb = (text: string) => `${text}\nservices: {web: }`;

/** Errors that come alone: the text with its place. */
const ALONE: readonly (readonly [code: ManifestErrorCode, manifest: string, message: string])[] = [
  ['type', web('build: [a]'), '1:25: unknown type for service build: list'],
  ['type', web('build: 7'), '1:25: unknown type for service build: int'],
  ['type', web('build: yes'), '1:25: unknown type for service build: bool'],
  ['type', web('build: {args: text}'), '1:32: unknown type for service build args: string'],
  ['type', web('build: {path: [a]}'), '1:32: unknown type for service build path: list'],
  ['type', web('environment: text'), '1:31: unknown type for service environment: string'],
  ['type', web('environment: {A: 1}'), '1:31: unknown type for service environment: map'],
  ['type', withWeb('environment: 1.5'), '1:14: unknown type for service environment: float'],
  ['type', web('domain: 7'), '1:26: unknown type for service domain: int'],
  ['type', web('domain: [a, {b: c}]'), '1:30: unknown type for service domain: map'],
  ['type', web('domain: [a, null]'), '1:30: unknown type for service domain: null'],
  ['type', web('health: [a]'), '1:26: unknown type for service health: list'],
  ['type', web('health: 5'), '1:26: unknown type for service health: int'],
  ['type', web('scale: [1]'), '1:25: unknown type for service scale: list'],
  ['type', web('scale: 1.5'), '1:25: unknown type for service scale: float'],
  ['type', web('scale: few'), '1:25: invalid scale: few, write 2 or 1-3'],
  ['type', web('scale: {cpu: lots}'), '1:31: unknown type for service scale cpu: string'],
  ['type', web('port: x'), '1:24: could not parse port: x'],
  ['type', web('port: {scheme: https}'), '1:24: could not parse port: it has no port'],
  ['type', web('init: maybe'), '1:24: unknown type for service init: string'],
  ['type', web('image: {a: b}'), '1:25: unknown type for service image: map'],
  ['type', 'services: [web]', '1:11: unknown type for services: list'],
  ['type', 'services: {web: text}', '1:17: unknown type for service web: string'],
  ['type', 'just text', '1:1: unknown type for convox.yml: string'],
  ['type', 'services: {on: }', '1:12: unknown key type: bool, write "on" in quotes to use it as a name'],
  ['type', withWeb('balancers: {b: {whitelist: 7}}'), '1:28: unknown type for balancer whitelist: int'],
  ['type', withWeb('balancers: {b: {whitelist: [7]}}'), '1:29: unknown type for balancer whitelist: int'],
  ['type', withWeb('resources: {r: {options: [a]}}'), '1:26: unknown type for resource options: list'],
  ['environment', 'environment: [B, A]\nservices: {web: {image: "${A}"}}', '1:15: required env: A, B'],
  ['invalid', withWeb('labels: {a: b, rack: c}'), "1:22: reserved label key 'rack' is not allowed"],
  ['invalid', web('labels: {name: c}'), "1:33: reserved label key 'name' is not allowed"],
  ['invalid', web('scale: {cpu: 500, limit: {cpu: 250}}'), '1:49: cpu limit can not be less cpu request'],
  ['invalid', web('scale: {memory: 500, limit: {memory: 250}}'), '1:55: memory limit can not be less memory request'],
];

for (const [code, manifest, message] of ALONE) {
  test(`parseManifest() says alone: ${message}`, (t) => {
    const error = t.throws(() => parse(manifest), { instanceOf: ManifestError, message: `convox.yml:${message}` });
    const [line, column] = message.split(':').map(Number);
    t.like(error, { code, place: { fileName: 'convox.yml', line, column } });
  });
}

const secrets = (...items: string[]) => web(`imagePullSecrets: [${items.join(', ')}]`);
const LOGIN = '{registry: r, username: u, password: p}';
const NAME_RULE = 'must contain only lowercase alphanumeric and dashes';
const DUPLICATE =
  'duplicate registry "r" (also declared at index 0); each registry may be declared at most once per service';

/** Errors that are collected: each a line of its own. */
const COLLECTED: readonly (readonly [manifest: string, ...lines: string[]])[] = [
  ['services: {Web: }', `1:12: service name Web invalid, ${NAME_RULE}`],
  ['services: {a_b: }', `1:12: service name a_b invalid, ${NAME_RULE}`],
  ['services: {__proto__: {image: a}}', `1:12: service name __proto__ invalid, ${NAME_RULE}`],
  ['services: {"on": , 8: }', `1:20: service name 8 invalid, ${NAME_RULE}`],
  [withWeb('resources: {D: {type: a}}'), `1:13: resource name D invalid, ${NAME_RULE}`],
  [withWeb('timers: {T: {schedule: a, service: web}}'), `1:10: timer name T invalid, ${NAME_RULE}`],
  ['services: {}', '1:11: no services defined'],
  ['', '1:1: no services defined'],
  [
    web('resources: [db, web]'),
    '1:30: service web references a resource that does not exist: db',
    '1:34: service web references a resource that does not exist: web',
  ],
  [withWeb('timers: {t: {schedule: a, service: x}}'), '1:36: timer t references a service that does not exist: x'],
  [withWeb('timers: {t: {schedule: "*? *", service: web}}'), '1:24: timer t invalid, schedule cannot contain ?'],
  [withWeb('balancers: {b: {service: x, ports: {1: 2}}}'), '1:26: balancer b refers to unknown service x'],
  [withWeb('balancers: {b: }'), '1:13: balancer b has no ports', '1:13: balancer b has blank service'],
  [
    withWeb('balancers: {b: {service: web, ports: {1: 2}, whitelist: [10.0.0.0/8, "10.0.0.0/33", "::/0", x]}}'),
    '1:70: balancer b whitelist 10.0.0.0/33 is not a valid cidr range',
    '1:93: balancer b whitelist x is not a valid cidr range',
  ],
  [withWeb('resources: {db: {type: " "}}'), '1:13: resource "db" has blank type'],
  [withWeb('configs: [{name: a}]'), '1:11: configs[*].id is required'],
  [web('configMounts: [{id: C, dir: d, filename: f}]'), "1:38: config id: 'C' not found"],
  [
    web('deployment: {minimum: -1, maximum: 99}'),
    '1:40: service web deployment minimum can not be less than 0',
    '1:53: service web deployment maximum can not be less than 100',
  ],
  [
    web('deployment: {minimum: 101, maximum: 201}'),
    '1:40: service web deployment minimum can not be greater than 100',
    '1:54: service web deployment maximum can not be greater than 200',
  ],
  [
    web('internal: true, internalRouter: true'),
    '1:50: service web can not have both internal and internalRouter set as true',
  ],
  [secrets('{username: u, password: p}'), '1:37: service web imagePullSecrets[0]: registry is required'],
  [
    secrets('{registry: "https://R/x", username: u, password: p}'),
    '1:37: service web imagePullSecrets[0]: registry "https://R/x" must be a host in lower case, without scheme and path',
  ],
  [secrets('{registry: r, password: p}'), '1:37: service web imagePullSecrets[0]: username is required'],
  [
    secrets('{registry: r, username: u}'),
    '1:37: service web imagePullSecrets[0]: exactly one of password and passwordEnv is required',
  ],
  [
    secrets('{registry: r, username: u, password: p, passwordEnv: E}'),
    '1:37: service web imagePullSecrets[0]: exactly one of password and passwordEnv is required',
  ],
  [secrets(LOGIN, LOGIN), `1:78: service web imagePullSecrets[1]: ${DUPLICATE}`],
  [web('image: ""'), '1:25: service web has blank image'],
  [web('build: ../x'), '1:25: service web: build path ../x is outside the source'],
  [web('build: /etc'), '1:25: service web: build path /etc is outside the source'],
  [web('build: a/../../x'), '1:25: service web: build path a/../../x is outside the source'],
  [web('build: {path: a, manifest: ../../D}'), '1:45: service web: build path ../../D is outside the source'],
  [web('build: {manifest: /etc/D}'), '1:36: service web: build path /etc/D is outside the source'],
  [
    web('build: {secrets: [A], args: [B=1, A]}'),
    "1:52: service web: A is one of its secrets, and arguments are in the image's history",
  ],
  [web('build: {platforms: [arm64]}'), '1:37: service web: platform arm64 is not of the form linux/amd64'],
];

for (const [manifest, ...lines] of COLLECTED) {
  test(`parseManifest() collects what is wrong with ${manifest}`, (t) => {
    const message = ['validation errors:', ...lines.map((line) => `convox.yml:${line}`)].join('\n');
    t.like(
      t.throws(() => parse(manifest), { instanceOf: ManifestError, message }),
      { code: 'invalid' },
    );
  });
}

test('parseManifest() collects errors of all kinds at once', (t) => {
  const error = t.throws(() =>
    parse(`
services:
  Web:
    deployment: {minimum: 200}
    resources: [db]
timers:
  t: {schedule: a, service: nobody}
`),
  );
  t.is(
    error?.message,
    `validation errors:
convox.yml:3:3: service name Web invalid, ${NAME_RULE}
convox.yml:4:27: service Web deployment minimum can not be greater than 100
convox.yml:5:17: service Web references a resource that does not exist: db
convox.yml:7:29: timer t references a service that does not exist: nobody`,
  );
});

test('parseManifest() allows names of services that fit into a tag', (t) => {
  t.notThrows(() => parse(`services: {${'a'.repeat(116)}: }`));
  t.throws(() => parse(`services: {${'a'.repeat(117)}: }`), { message: /at most 116 characters/ });
});

test('parseManifest() counts lines and columns in the person’s own file', (t) => {
  const variables = new Map([['A', 'a\nlong\nvalue']]);
  const text = 'services:\r\n  ${A}: {image: x}\r\n  web: {image: "${A}${A}", init: [1]}\r\n';
  t.throws(() => parseManifest(text, { variables, fileName: 'f.yml' }), {
    message: 'f.yml:3:34: unknown type for service init: list',
  });
  t.throws(() => parseManifest('\uFEFFservices: [1]', { variables, fileName: 'f.yml' }), { message: /^f\.yml:1:11: / });
});

function parse(text: string) {
  return parseManifest(text, { variables: new Map(), fileName: 'convox.yml' });
}
