import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../set-up/stamp.mjs';
import { buildWithBuildctl } from './buildctl.mjs';
import { writeDockerConfig } from './docker-config.mjs';
import { compare } from './measure.mjs';
import { convox } from './run-program.mjs';
import { startRack } from './start-rack.mjs';

const APP = 'bench';
const EXAMPLE = join(ROOT, 'examples/three-services');

/** The three images of the example, as its convox.yml describes them. The one that is copied has to be built here. */
function threeBuilds(rack, folder) {
  const proxy = join(folder, 'proxy');
  mkdirSync(proxy, { recursive: true });
  writeFileSync(join(proxy, 'Dockerfile'), 'FROM busybox:latest\n');
  const image = `name=${rack.registryHost}/${APP},push=true,push-by-digest=true,oci-mediatypes=true`;
  const common = {
    address: rack.buildkitAddress,
    output: `type=image,${image}`,
    environment: writeDockerConfig(join(folder, 'docker'), rack),
  };
  return [
    { ...common, context: EXAMPLE, buildArgs: { TITLE: 'Convox Builds' } },
    { ...common, context: join(EXAMPLE, 'worker'), filename: 'Dockerfile.worker' },
    { ...common, context: proxy },
  ];
}

/** What all of it costs a person who waits: queue, archive, database, log, registry, release. */
export const wholeBuild = {
  name: 'whole-build',
  title: 'whole warm convox build of 3 images, next to 3 buildctl at once',
  goal: 2,
  run: async ({ folder, rounds, signal }) => {
    const rack = await startRack(folder);
    try {
      await convox(rack, ['apps', 'create', APP]);
      const builds = threeBuilds(rack, folder);
      return await compare({
        rounds,
        signal,
        ours: () => convox(rack, ['build', EXAMPLE, '--app', APP]),
        // At once, because that is the faster way, and as a script would do it with "&" and "wait".
        peer: async () => void (await Promise.all(builds.map(buildWithBuildctl))),
      });
    } finally {
      await rack.stop();
    }
  },
};
