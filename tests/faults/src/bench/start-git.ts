import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { BUSYBOX, createGitRepository, startGitServer, type TestGitServer } from '@convox-builds/testing';

import { type Proxy, startProxy } from '../proxy.js';
import type { Bench } from './bench.js';
import { sourceFiles } from './create-archive.js';
import { SIZE } from './submit-builds.js';

/** A git server behind a wire, with a source as builds of the bench are by default. */
export interface GitOfBench {
  readonly server: TestGitServer;
  readonly wire: Proxy;
  /** Leads through the wire. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts a git server for a bench. */
export async function startGit({ cluster }: Bench): Promise<GitOfBench> {
  const folder = await mkdtemp(join(cluster.folder, 'git-server-'));
  const repository = await createGitRepository(folder, 'app');
  await repository.commit({ ...sourceFiles(SIZE), busybox: { script: await readFile(BUSYBOX) } });
  const server = await startGitServer({ folder });
  const wire = await startProxy(server.port);
  return {
    server,
    wire,
    url: `http://127.0.0.1:${wire.port}/app.git`,
    stop: async () => {
      await wire.close();
      await server.stop();
    },
  };
}
