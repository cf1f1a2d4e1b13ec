import test from 'ava';

import { formatImageReference, parseImageReference } from './image-reference.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;

for (const [text, full] of [
  ['busybox', 'docker.io/library/busybox:latest'],
  ['bitnami/redis:7', 'docker.io/bitnami/redis:7'],
  ['docker.io/busybox', 'docker.io/library/busybox:latest'],
  ['index.docker.io/busybox:1', 'docker.io/library/busybox:1'],
  ['Registry-1.Docker.io/bitnami/redis', 'docker.io/bitnami/redis:latest'],
  ['localhost/a', 'localhost/a:latest'],
  ['localhost:5000/a/b:c', 'localhost:5000/a/b:c'],
  ['ghcr.io/a/b_c--d.e:v1', 'ghcr.io/a/b_c--d.e:v1'],
  [`a@${DIGEST}`, `docker.io/library/a@${DIGEST}`],
  [`a:b@${DIGEST}`, `docker.io/library/a:b@${DIGEST}`],
] as const) {
  test(`parseImageReference() reads ${text.slice(0, 20)} as Docker does`, (t) => {
    t.is(formatImageReference(parseImageReference(text)), full);
  });
}

for (const text of [
  '',
  'A',
  'a b',
  'a:',
  'a:b c',
  'a@sha256:1',
  `a@${DIGEST}@${DIGEST}`,
  '../a',
  'host.io/',
  '-a',
  'a//b',
]) {
  test(`parseImageReference() refuses ${JSON.stringify(text).slice(0, 30)}`, (t) => {
    t.throws(() => parseImageReference(text), { instanceOf: SyntaxError, message: /^Cannot read image reference/ });
  });
}
