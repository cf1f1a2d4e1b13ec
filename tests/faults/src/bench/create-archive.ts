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

/** The source of a build with one step that prints counted lines: its files, but for the busybox. */
export function sourceFiles(size: StepSize): Readonly<Record<string, string>> {
  return { Dockerfile: dockerfile(size), 'convox.yml': 'services:\n  web:\n    build: .\n' };
}

/** Makes that source as a gzip tar. */
export async function createArchive(folder: string, size: StepSize): Promise<Buffer> {
  const source = await mkdtemp(join(folder, 'source-'));
  await copyFile(BUSYBOX, join(source, 'busybox'));
  for (const [name, text] of Object.entries(sourceFiles(size))) await writeFile(join(source, name), text);
  await run('tar', ['-C', source, '-czf', `${source}.tgz`, '.']);
  return readFile(`${source}.tgz`);
}
