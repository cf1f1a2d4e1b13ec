// `npm run demo`: everything once, on a rack of its own that is gone afterwards: set-up, a build, its tables, a
// promotion, and the proof that the images are there and run.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { setUp } from '../set-up/main.mjs';
import { ROOT } from '../set-up/stamp.mjs';
import { createConvox, section } from './convox.mjs';
import { startDemoRack } from './start-demo-rack.mjs';

const APP = 'demo';

await setUp();
// It needs what set-up has just installed and compiled.
const { proveImages } = await import('./prove-images.mjs');
const folder = mkdtempSync(join(tmpdir(), 'convox-demo-'));
const rack = await startDemoRack(folder);
try {
  const convox = createConvox({ rackUrl: rack.url, folder: join(ROOT, 'examples/three-services') });
  section('A new app');
  convox.run('apps', 'create', APP);
  section('Its first build: three services at once');
  convox.run('build', '--app', APP, '--description', 'the first build');
  section('The same again: nothing has changed');
  convox.run('build', '--app', APP, '--description', 'nothing has changed');
  section('What was built');
  convox.run('builds', '--app', APP);
  convox.run('releases', '--app', APP);
  section('Promote the newest release');
  convox.run('releases', 'promote', '--app', APP);
  convox.run('releases', '--app', APP);
  section('The proof: pull each image by its digest, run one');
  const [build] = convox.json('builds', '--app', APP, '--limit', '1');
  await proveImages(build, { rack, folder });
  section('Done: a folder became a release');
} finally {
  await rack.stop();
  rmSync(folder, { recursive: true, force: true });
}
