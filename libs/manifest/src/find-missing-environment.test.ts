import test from 'ava';

import { findMissingEnvironment } from './find-missing-environment.js';
import { parseManifest } from './parse-manifest.js';

const TEXT = `
environment:
  - SHARED
services:
  web:
    image: a
    environment: [ZED, ABLE, PORT=80, '*']
  worker:
    image: b
    environment: [ONLY_WORKER]
`;

test('findMissingEnvironment() names what the first service lacks, sorted', (t) => {
  const variables = new Map<string, string>();
  const { manifest } = parseManifest(TEXT, { variables, fileName: 'convox.yml' });
  const missing = (...names: string[]) => findMissingEnvironment(manifest, new Map(names.map((name) => [name, ''])));
  t.deepEqual(missing(), ['ABLE', 'SHARED', 'ZED']);
  t.deepEqual(missing('SHARED', 'ABLE'), ['ZED']);
  t.deepEqual(missing('SHARED', 'ABLE', 'ZED'), ['ONLY_WORKER']);
  t.deepEqual(missing('SHARED', 'ABLE', 'ZED', 'ONLY_WORKER'), []);
});
