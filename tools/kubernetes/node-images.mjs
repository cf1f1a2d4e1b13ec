import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeOciLayout } from '../base-images/write-oci-layout.mjs';
import { run } from '../set-up/run.mjs';
import { program, STATE } from './places.mjs';

const FOLDER = join(STATE, 'node-images');

/** Images of one program each that the cluster itself needs. */
export const NODE_IMAGES = ['pause', 'coredns'];

/** Where an image is, as a tar of an OCI layout. */
export const nodeImage = (name) => join(FOLDER, `${name}.tar`);

/** Makes the images that the cluster itself needs. */
export async function makeNodeImages() {
  for (const name of NODE_IMAGES) {
    const root = mkdtempSync(join(tmpdir(), 'node-image-'));
    mkdirSync(join(root, 'bin'));
    cpSync(program(name), join(root, 'bin', name));
    const layout = join(FOLDER, name);
    await writeOciLayout({ root, folder: layout, command: [name] });
    run('tar', ['-C', layout, '-cf', nodeImage(name), '.']);
    for (const folder of [root, layout]) rmSync(folder, { recursive: true });
  }
}
