import test from 'ava';

import { parseManifest } from './parse-manifest.js';
import { type PlannedImage, planImages } from './plan-images.js';

interface Given {
  readonly environment?: Readonly<Record<string, string>>;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly platforms?: readonly string[];
}

function plan(text: string, { environment = {}, buildArgs = {}, platforms = [] }: Given = {}): readonly PlannedImage[] {
  const variables = new Map(Object.entries(environment));
  const { manifest } = parseManifest(text, { variables, fileName: 'convox.yml' });
  return planImages({ manifest, environment: variables, buildArgs, platforms }).images;
}

test('planImages() builds equal images once, and different ones apart', (t) => {
  const images = plan(`
services:
  a: {build: .}
  b: {build: {path: ./, args: []}}
  c: {build: {target: x}}
  d: {build: {args: [A=1]}}
  e: {build: {args: [A=2]}}
  f: {build: sub}
`);
  t.deepEqual(
    images.map(({ services }) => services),
    [['a', 'b'], ['c'], ['d'], ['e'], ['f']],
  );
});

test('planImages() takes the order of arguments for no difference', (t) => {
  t.is(plan('services: {a: {build: {args: [A=1, B=2]}}, b: {build: {args: [B=2, A=1]}}}').length, 1);
});

test('planImages() copies images, equal ones once', (t) => {
  t.deepEqual(plan('services: {a: {image: nginx}, b: {image: nginx}, c: {image: redis}}'), [
    { kind: 'copy', services: ['a', 'b'], image: 'nginx' },
    { kind: 'copy', services: ['c'], image: 'redis' },
  ]);
});

test('planImages() takes an argument from the build, then the manifest, then the environment', (t) => {
  const [image] = plan('services: {a: {build: {args: [A=manifest, B=manifest, C, D]}}}', {
    buildArgs: { A: 'build', X: 'extra' },
    environment: { A: 'env', B: 'env', C: 'env', OTHER: 'env' },
  });
  t.deepEqual(image?.kind === 'build' ? image.args : undefined, { A: 'build', B: 'manifest', C: 'env', X: 'extra' });
});

test('planImages() builds equal secrets and platforms once, in whichever order they are given', (t) => {
  const images = plan(`
services:
  a: {build: {secrets: [A, B], platforms: [linux/amd64, linux/arm64]}}
  b: {build: {secrets: [B, A, A], platforms: [linux/arm64, linux/amd64, linux/arm64]}}
  c: {build: {secrets: [A], platforms: [linux/amd64, linux/arm64]}}
  d: {build: {secrets: [A, B]}}
`);
  t.deepEqual(
    images.map(({ services }) => services),
    [['a', 'b'], ['c'], ['d']],
  );
});

test('planImages() takes the platforms of the app for services that name none', (t) => {
  const images = plan('services: {a: {build: .}, b: {build: {platforms: [linux/amd64]}}, c: {image: nginx}}', {
    platforms: ['linux/arm64'],
  });
  t.deepEqual(
    images.map((image) => (image.kind === 'build' ? image.platforms : [])),
    [['linux/arm64'], ['linux/amd64'], []],
  );
});

test('planImages() tells where the first of equal services says what', (t) => {
  const [image] = plan(
    'services:\n  a:\n    build: {path: sub, args: [A=1], secrets: [S]}\n  b: {build: {path: sub, args: [A=1], secrets: [S]}}',
  );
  t.deepEqual(image?.kind === 'build' ? image.places : undefined, {
    path: 'convox.yml:3:19',
    manifest: 'convox.yml:3:12',
    secrets: 'convox.yml:3:46',
    args: { A: 'convox.yml:3:31' },
  });
});
