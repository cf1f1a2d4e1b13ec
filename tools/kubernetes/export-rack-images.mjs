import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { run } from '../set-up/run.mjs';
import { RACK_IMAGES } from './build-rack-images.mjs';
import { STATE } from './places.mjs';

const FOLDER = join(STATE, 'exported');

/**
 * Takes the images of a build out of its rack.
 *
 * @returns {[name: string, archive: string][]} each image as a tar of an OCI layout
 */
export function exportRackImages({ id, app }, { convox }) {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  const archive = join(FOLDER, 'build.tgz');
  convox.run('builds', 'export', id, '--app', app, '--file', archive);
  run('tar', ['-xzf', archive, '-C', FOLDER]);
  return RACK_IMAGES.map((name) => [name, join(FOLDER, `${name}.${id}.tar`)]);
}
