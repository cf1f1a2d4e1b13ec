import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { BUSYBOX, countLines } from '@convox-builds/testing';

const run = promisify(execFile);

/** Name of the variable that every build is given and no log may show. */
export const SECRET_NAME = 'CANARY';

/** How long a build's step takes, and how much it says. */
export interface StepSize {
  readonly lines: number;
  readonly pauseSeconds: number;
  /** A command that the step runs after that; default none. */
  readonly after?: string;
}

// MARK makes each build another one, so that nothing of it is cached, and stands in the environment of its processes.
const dockerfile = ({ lines, pauseSeconds, after = ':' }: StepSize) => `FROM scratch
COPY busybox /bin/busybox
SHELL ["/bin/busybox", "sh", "-c"]
ARG MARK
ARG ${SECRET_NAME}
RUN echo "the secret is $${SECRET_NAME}"; ${countLines(lines, pauseSeconds)}; ${after}; echo "$MARK" > /mark
`;

/** Makes the source of a build with one step that prints counted lines: a gzip tar. */
export async function createArchive(folder: string, size: StepSize): Promise<Buffer> {
  const source = await mkdtemp(join(folder, 'source-'));
  await copyFile(BUSYBOX, join(source, 'busybox'));
  await writeFile(join(source, 'Dockerfile'), dockerfile(size));
  await writeFile(join(source, 'convox.yml'), 'services:\n  web:\n    build: .\n');
  await run('tar', ['-C', source, '-czf', `${source}.tgz`, '.']);
  return readFile(`${source}.tgz`);
}
