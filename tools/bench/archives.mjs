import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startRegistry } from '@convox-builds/testing';

import { compare } from './measure.mjs';
import { createRackApi } from './rack-api.mjs';
import { convox, runProgram } from './run-program.mjs';
import { startRack } from './start-rack.mjs';
import { stopwatch } from './stopwatch.mjs';

const APP = 'bench';
/** Two layers that cannot be compressed, as those of most images. */
const DOCKERFILE =
  'FROM busybox\nRUN head -c 300000000 /dev/urandom > /one\nRUN head -c 200000000 /dev/urandom > /two\n';

/** A rack with a large build; it is removed when `use` is done with it. */
async function withLargeBuild({ folder }, use) {
  const rack = await startRack(folder);
  try {
    const context = join(folder, 'source');
    mkdirSync(context);
    writeFileSync(join(context, 'convox.yml'), 'services:\n  web: {build: .}\n');
    writeFileSync(join(context, 'Dockerfile'), DOCKERFILE);
    const onRack = (...args) => convox(rack, args);
    const api = createRackApi(rack);
    await onRack('apps', 'create', APP);
    await onRack('build', context, '--app', APP);
    const [{ id, images }] = await api.listBuilds(APP);
    const { username, password } = new URL(rack.url);
    const image = `docker://${rack.registryHost}/${APP}@${images.web.digest}`;
    const source = ['--src-tls-verify=false', `--src-creds=${username}:${password}`, image];
    return await use({ onRack, id, source });
  } finally {
    await rack.stop();
  }
}

const skopeo = (...args) => runProgram('skopeo', ['copy', '--quiet', ...args]);

/** A build out of a rack: what comes is checked, and written to one file. */
export const exportArchive = {
  name: 'export',
  needs: 'skopeo',
  title: 'convox builds export of 500 MB, next to skopeo copy into an OCI archive',
  goal: 1,
  run: (options) =>
    withLargeBuild(options, async ({ onRack, id, source }) => {
      const { folder, rounds, signal } = options;
      const archive = join(folder, 'oci.tar');
      return compare({
        rounds,
        signal,
        ours: () => onRack('builds', 'export', id, '--app', APP, '--file', join(folder, 'build.tgz')),
        peer: async () => {
          // Skopeo does not write over an archive.
          rmSync(archive, { force: true });
          await skopeo(...source, `oci-archive:${archive}`);
        },
      });
    }),
};

/** A build into a rack that has nothing of it, with release and tags. */
export const importArchive = {
  name: 'import',
  needs: 'skopeo',
  title: 'convox builds import of 500 MB into a new app, next to skopeo copy into a new registry',
  goal: 1,
  run: (options) =>
    withLargeBuild(options, async ({ onRack, id, source }) => {
      const { folder, rounds, signal } = options;
      const [ours, peer] = [join(folder, 'build.tgz'), join(folder, 'oci.tar')];
      await onRack('builds', 'export', id, '--app', APP, '--file', ours);
      await skopeo(...source, `oci-archive:${peer}`);
      return compare({
        rounds,
        signal,
        ours: async (round) => {
          await onRack('apps', 'create', `import-${round}`);
          return stopwatch(() => onRack('builds', 'import', '--app', `import-${round}`, '--file', ours));
        },
        // In a registry that it knows, skopeo would have the blobs linked instead of sending them.
        peer: async () => {
          const registry = await startRegistry();
          try {
            return await stopwatch(() =>
              skopeo('--dest-tls-verify=false', `oci-archive:${peer}`, `docker://${registry.host}/app:latest`),
            );
          } finally {
            await registry.stop();
          }
        },
      });
    }),
};
