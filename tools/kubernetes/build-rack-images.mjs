import { join } from 'node:path';

import { findFreePort } from '@convox-builds/testing';

import { isMade, makeBaseImage, reachesDockerHub } from '../base-images/make-base-images.mjs';
import { createConvox } from '../demo/convox.mjs';
import { startDemoRack } from '../demo/start-demo-rack.mjs';
import { ROOT } from '../set-up/stamp.mjs';
import { STATE } from './places.mjs';

const APP = 'rack';
const FOLDER = join(STATE, 'images');

/** The images of the chart, as convox.yml names them. */
export const RACK_IMAGES = ['api', 'worker', 'services'];

/** Brings what the images are made upon, where Docker Hub does not. */
async function makeBaseImages() {
  if (await reachesDockerHub()) return;
  for (const name of ['debian', 'node', 'moby/buildkit']) if (!isMade(name)) await makeBaseImage(name);
}

/**
 * Builds the images of the chart as anybody does who has a rack: convox build of this repository. The rack keeps what it
 * made, so that the next time only what has changed is built.
 *
 * @template T
 * @param {(build: { id: string, app: string }, made: { rack: object, convox: object }) => T} take does something with the build
 *   while its rack is there
 * @returns {Promise<Awaited<T>>}
 */
export async function buildRackImages(take) {
  await makeBaseImages();
  const rack = await startDemoRack(FOLDER, ['--port', String(await findFreePort())]);
  try {
    const convox = createConvox({ rackUrl: rack.url, folder: ROOT });
    if (!convox.json('apps').some(({ name }) => name === APP)) convox.run('apps', 'create', APP);
    convox.run('build', '--app', APP);
    const [build] = convox.json('builds', '--app', APP, '--limit', '1');
    return await take(build, { rack, convox });
  } finally {
    await rack.stop();
  }
}
