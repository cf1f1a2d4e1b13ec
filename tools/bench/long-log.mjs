import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { buildWithBuildctl } from './buildctl.mjs';
import { writeDockerConfig } from './docker-config.mjs';
import { compare } from './measure.mjs';
import { createRackApi } from './rack-api.mjs';
import { startRack } from './start-rack.mjs';

const APP = 'bench';
const LOG_BYTES = 100_000_000;
const DOCKERFILE = `FROM busybox
ARG MARK
RUN echo "$MARK" && yes "a line of a hundred bytes, as the output of a compiler or of a test that has much to say may well" | head -c ${LOG_BYTES}
`;

function assertWhole(path) {
  const { size } = statSync(path);
  if (size < LOG_BYTES) throw new Error(`The log has ${size} bytes only`);
}

/** A flood, from the step's output to a file on the disk of whoever asked for the build. */
export const longLog = {
  name: 'long-log',
  title: 'a log of 100 MB, stored and streamed to a file, next to buildctl --progress=plain into a file',
  goal: 1.25,
  run: async ({ folder, rounds, signal }) => {
    const context = join(folder, 'context');
    mkdirSync(context, { recursive: true });
    writeFileSync(join(context, 'Dockerfile'), DOCKERFILE);
    writeFileSync(join(context, 'convox.yml'), 'services:\n  web:\n    build: {path: ., args: [MARK]}\n');
    const path = join(folder, 'log');
    const mark = () => ({ MARK: randomBytes(8).toString('hex') });
    const rack = await startRack(folder);
    try {
      const api = createRackApi(rack);
      await api.createApp(APP);
      const environment = writeDockerConfig(join(folder, 'docker'), rack);
      return await compare({
        rounds,
        signal,
        ours: async () => {
          await api.build(APP, { context, buildArgs: mark(), log: createWriteStream(path) });
          assertWhole(path);
        },
        peer: async () => {
          await buildWithBuildctl({
            address: rack.buildkitAddress,
            context,
            buildArgs: mark(),
            environment,
            logPath: path,
          });
          assertWhole(path);
        },
      });
    } finally {
      await rack.stop();
    }
  },
};
