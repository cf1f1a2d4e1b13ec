import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { indexTar } from '@convox-builds/buildkit-client';

import { packSource } from '../../apps/cli/dist/index.js';
import { buildWithLibrary } from './build-with-library.mjs';
import { buildWithBuildctl } from './buildctl.mjs';
import { CHANGED_FILES, createChangingContext } from './changing-context.mjs';
import { compare } from './measure.mjs';
import { startDaemon } from './start-daemon.mjs';
import { stopwatch } from './stopwatch.mjs';

/** What a client uploads. */
async function pack(folder, archive) {
  const source = packSource(folder, { manifest: 'convox.yml', warn: () => {} });
  await pipeline(source.openArchive(), createWriteStream(archive));
}

/** Index and solve, as a worker does: the archive is there, because the client has uploaded it. Gives the bytes that the daemon asked for. */
async function buildArchive(client, { archive, spoolFile, expectedFiles }) {
  const source = await indexTar({ archive: createReadStream(archive), spoolFile });
  try {
    const { files, bytes } = await buildWithLibrary(client, { source, sharedKey: 'bench' });
    if (files !== expectedFiles) throw new Error(`Cannot compare: ${files} files were sent, and not ${expectedFiles}`);
    return bytes;
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
      const sentBytes = { toWorker: 0, toDaemon: 0 };
      const result = await compare({
        rounds,
        signal,
        ours: async (round) => {
          oursContext.change();
          const expectedFiles = round === 0 ? oursContext.files : CHANGED_FILES;
          await pack(oursFolder, archive);
          sentBytes.toWorker = (await stat(archive)).size;
          return stopwatch(async () => {
            sentBytes.toDaemon = await buildArchive(daemon.client, { archive, spoolFile, expectedFiles });
          });
        },
        peer: async () => {
          peerContext.change();
          return stopwatch(() => buildWithBuildctl({ address: daemon.address, context: peerFolder }));
        },
      });
      return { ...result, sentBytes };
    } finally {
      await daemon.stop();
    }
  },
};
