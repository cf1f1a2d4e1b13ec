// `npm run test:kubernetes`: builds the images with a rack, starts a cluster, runs tests/kubernetes in it, and takes it away.
// With `-- --keep` it stays for a look; tools/kubernetes/down.mjs takes it away then.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { importImage, tagImage } from './kubernetes/containerd.mjs';
import { stopNode } from './kubernetes/node.mjs';
import { KUBECONFIG } from './kubernetes/places.mjs';
import { startKubernetes } from './kubernetes/up.mjs';
import { setUp } from './set-up/main.mjs';
import { step } from './set-up/say.mjs';
import { ROOT } from './set-up/stamp.mjs';

/** What the chart names when nobody says otherwise. */
const REPOSITORY = 'docker.io/convox-builds';

function importImages(images) {
  for (const [name, archive] of images) {
    const image = `${REPOSITORY}/${name}`;
    importImage(archive, `${image}:0.1.0`);
    // The same again, for an upgrade.
    tagImage(`${image}:0.1.0`, `${image}:next`);
  }
}

const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });

await setUp({ isForTests: true, isForKubernetes: true });
// It needs what set-up has just installed and compiled.
const { buildRackImages } = await import('./kubernetes/build-rack-images.mjs');
const { exportRackImages } = await import('./kubernetes/export-rack-images.mjs');
const images = await buildRackImages(exportRackImages);
await step('cluster', async () => {
  await startKubernetes();
  importImages(images);
  return 'started';
});
const tests = spawnSync('npx', ['ava', '--timeout', '1h'], {
  cwd: join(ROOT, 'tests/kubernetes'),
  env: { ...process.env, KUBECONFIG },
  stdio: 'inherit',
});
if (!values.keep) await stopNode();
process.exit(tests.status ?? 1);
