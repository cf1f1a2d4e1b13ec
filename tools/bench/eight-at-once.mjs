import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { buildWithBuildctl } from './buildctl.mjs';
import { writeDockerConfig } from './docker-config.mjs';
import { forget } from './forget.mjs';
import { compare } from './measure.mjs';
import { createRackApi } from './rack-api.mjs';
import { startRack } from './start-rack.mjs';

const APP = 'bench';
const AT_ONCE = 8;
const EACH = 4;
const DOCKERFILE = `FROM busybox
ARG MARK
RUN echo "$MARK" > /mark && dd if=/dev/urandom of=/data bs=100k count=1
`;

/** Eight loops, each of which builds again and again, something new each time. */
const loops = (build) => async () => {
  const loop = async () => {
    for (let left = EACH; left > 0; left--) await build(randomBytes(8).toString('hex'));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, loop));
};

/** Builds a minute, of small builds that have something to do and are pushed. */
export const eightAtOnce = {
  name: 'eight-at-once',
  title: `${AT_ONCE * EACH} builds, ${AT_ONCE} at once, over HTTP, next to as many buildctl loops`,
  goal: 1 / 0.95,
  run: async ({ folder, rounds, signal }) => {
    const context = join(folder, 'context');
    mkdirSync(context, { recursive: true });
    writeFileSync(join(context, 'Dockerfile'), DOCKERFILE);
    writeFileSync(join(context, 'convox.yml'), 'services:\n  web:\n    build: {path: ., args: [MARK]}\n');
    const rack = await startRack(folder, { BUILD_SLOTS: String(AT_ONCE) });
    try {
      const api = createRackApi(rack);
      await api.createApp(APP);
      const environment = writeDockerConfig(join(folder, 'docker'), rack);
      const output = `type=image,name=${rack.registryHost}/${APP},push=true,push-by-digest=true,oci-mediatypes=true`;
      const peer = { address: rack.buildkitAddress, context, output, environment };
      return await compare({
        rounds,
        signal,
        ours: loops((MARK) => api.build(APP, { context, buildArgs: { MARK }, log: forget() })),
        peer: loops((MARK) => buildWithBuildctl({ ...peer, buildArgs: { MARK } })),
      });
    } finally {
      await rack.stop();
    }
  },
};
