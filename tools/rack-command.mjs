import { join } from 'node:path';

import { ROOT, TOOLS } from './set-up/stamp.mjs';

/** How a rack is started with what set-up brought. */
export function rackCommand(args) {
  return {
    command: process.execPath,
    args: ['--enable-source-maps', join(ROOT, 'apps/rack/dist/main.js'), ...args],
    env: {
      ...process.env,
      BUILDKITD: process.env.BUILDKITD ?? join(TOOLS, 'bin/buildkitd'),
      BASE_IMAGES_FOLDER: process.env.BASE_IMAGES_FOLDER ?? join(TOOLS, 'base-images'),
      PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
    },
  };
}
