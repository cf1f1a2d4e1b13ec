import type { PlannedBuild } from '@convox-builds/manifest';
import test from 'ava';

import { locateDockerfile } from './locate-dockerfile.js';

const image = (path: string, dockerfile: string): PlannedBuild => ({
  kind: 'build',
  services: ['web'],
  path,
  dockerfile,
  args: {},
  target: undefined,
  secrets: [],
  platforms: [],
  places: { path: '', manifest: '', secrets: '', args: {} },
});

test('locateDockerfile() finds a Dockerfile of the context in the context', (t) => {
  t.deepEqual(locateDockerfile(image('.', 'Dockerfile')), { folder: '.', filename: 'Dockerfile' });
  t.deepEqual(locateDockerfile(image('web', 'docker/Dockerfile')), { folder: 'web', filename: 'docker/Dockerfile' });
});

test('locateDockerfile() finds a Dockerfile beside the context in its own folder', (t) => {
  t.deepEqual(locateDockerfile(image('web', '../Dockerfile.web')), { folder: '.', filename: 'Dockerfile.web' });
  t.deepEqual(locateDockerfile(image('a/b', '../docker/web')), { folder: 'a/docker', filename: 'web' });
});
