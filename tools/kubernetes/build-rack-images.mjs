import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { findFreePort } from '@convox-builds/testing';

import { isMade, makeBaseImage, reachesDockerHub } from '../base-images/make-base-images.mjs';
import { createConvox } from '../demo/convox.mjs';
import { startDemoRack } from '../demo/start-demo-rack.mjs';
import { run } from '../set-up/run.mjs';
import { ROOT } from '../set-up/stamp.mjs';
import { STATE } from './places.mjs';

const APP = 'rack';
const FOLDER = join(STATE, 'images');
const EXPORTED = join(FOLDER, 'exported');

/** Brings what the images are made upon, where Docker Hub does not. */
async function makeBaseImages() {
  if (await reachesDockerHub()) return;
  for (const name of ['debian', 'node', 'moby/buildkit']) if (!isMade(name)) await makeBaseImage(name);
}

/**
 * Builds the images of the chart as anybody does who has a rack: convox build of this repository. The rack keeps what it
 * made, so that the next time only what has changed is built.
 *
 * @returns {Promise<[name: string, archive: string][]>} each image as a tar of an OCI layout
 */
export async function buildRackImages() {
  await makeBaseImages();
  const rack = await startDemoRack(FOLDER, ['--port', String(await findFreePort())]);
  try {
    const convox = createConvox({ rackUrl: rack.url, folder: ROOT });
    if (!convox.json('apps').some(({ name }) => name === APP)) convox.run('apps', 'create', APP);
    convox.run('build', '--app', APP);
    const [{ id }] = convox.json('builds', '--app', APP, '--limit', '1');
    rmSync(EXPORTED, { recursive: true, force: true });
    mkdirSync(EXPORTED);
    const archive = join(EXPORTED, 'build.tgz');
    convox.run('builds', 'export', id, '--app', APP, '--file', archive);
    run('tar', ['-xzf', archive, '-C', EXPORTED]);
    return ['api', 'worker', 'services'].map((name) => [name, join(EXPORTED, `${name}.${id}.tar`)]);
  } finally {
    await rack.stop();
  }
}
