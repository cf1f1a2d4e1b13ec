import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createDirectorySource } from '@convox-builds/buildkit-client';

import { buildWithLibrary } from './build-with-library.mjs';
import { buildWithBuildctl } from './buildctl.mjs';
import { compare } from './measure.mjs';
import { startDaemon } from './start-daemon.mjs';

const DOCKERFILE = `FROM scratch AS build
COPY package.json /
COPY source /source
FROM scratch
COPY --from=build /source /app
COPY package.json /app/
`;
const FILES = 20;

function writeContext(context) {
  mkdirSync(join(context, 'source'), { recursive: true });
  writeFileSync(join(context, 'Dockerfile'), DOCKERFILE);
  writeFileSync(join(context, 'package.json'), '{}\n');
  for (let file = 0; file < FILES; file++) writeFileSync(join(context, 'source', `${file}.js`), `${file};\n`);
}

/** What a solve costs when there is nothing to do: the time of the machinery itself. */
export const noOpSolve = {
  name: 'no-op-solve',
  title: 'warm no-op solve, library in process',
  goal: 0.9,
  run: async ({ folder, rounds, signal }) => {
    const context = join(folder, 'context');
    writeContext(context);
    const daemon = await startDaemon(folder);
    try {
      return await compare({
        rounds,
        signal,
        ours: async () => {
          const source = await createDirectorySource(context);
          await buildWithLibrary(daemon.client, { source, sharedKey: 'bench' });
        },
        peer: () => buildWithBuildctl({ address: daemon.address, context }),
      });
    } finally {
      await daemon.stop();
    }
  },
};
