import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';

import { indexTar } from '@convox-builds/buildkit-client';

import { run } from '../set-up/run.mjs';
import { buildWithLibrary } from './build-with-library.mjs';
import { buildWithBuildctl } from './buildctl.mjs';
import { CHANGED_FILES, createChangingContext } from './changing-context.mjs';
import { compare } from './measure.mjs';
import { startDaemon } from './start-daemon.mjs';
import { stopwatch } from './stopwatch.mjs';

/** Index and solve, as a worker does: the archive is there, because the client has uploaded it. */
async function buildArchive(client, { archive, spoolFile, expectedFiles }) {
  const source = await indexTar({ archive: createReadStream(archive), spoolFile });
  try {
    const files = await buildWithLibrary(client, { source, sharedKey: 'bench' });
    if (files !== expectedFiles) throw new Error(`Cannot compare: ${files} files were sent, and not ${expectedFiles}`);
  } finally {
    await source.close();
    rmSync(spoolFile);
  }
}

/** What it costs that sources come as an archive, and not as a folder on the machine that builds. */
export const tenOfTenThousand = {
  name: 'ten-of-ten-thousand',
  title: '10 of 10,001 files changed, archive indexed',
  goal: 1.5,
  run: async ({ folder, rounds, signal }) => {
    const [oursFolder, peerFolder] = [join(folder, 'ours'), join(folder, 'peer')];
    const [archive, spoolFile] = [join(folder, 'source.tgz'), join(folder, 'source.tar')];
    const oursContext = createChangingContext(oursFolder, 'ours');
    const peerContext = createChangingContext(peerFolder, 'peer');
    const daemon = await startDaemon(folder);
    try {
      return await compare({
        rounds,
        signal,
        ours: async (round) => {
          oursContext.change();
          const expectedFiles = round === 0 ? oursContext.files : CHANGED_FILES;
          run('tar', ['-czf', archive, '-C', oursFolder, '.']);
          return stopwatch(() => buildArchive(daemon.client, { archive, spoolFile, expectedFiles }));
        },
        peer: async () => {
          peerContext.change();
          return stopwatch(() => buildWithBuildctl({ address: daemon.address, context: peerFolder }));
        },
      });
    } finally {
      await daemon.stop();
    }
  },
};
