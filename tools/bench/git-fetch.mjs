import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';

import { indexTar } from '@convox-builds/buildkit-client';
import { parseGitUrl } from '@convox-builds/domain';
import { createGitFetcher } from '@convox-builds/git-source';
import { startGitServer } from '@convox-builds/testing';

import { createLargeRepository } from './create-large-repository.mjs';
import { compare } from './measure.mjs';

// The server is in this process: it has to answer meanwhile.
const run = promisify(execFile);

const createFetcher = (folder) =>
  createGitFetcher({
    folder,
    maxKeptBytes: 1e9,
    limits: { maxBytes: 1e9, timeoutMs: 60_000 },
    openNetworks: ['127.0.0.0/8'],
    ownServices: [],
    searchPath: process.env.PATH,
  });

/** Fetch and index, as a worker does. */
async function fetchAndIndex(fetcher, { url, spoolFile, signal }) {
  const fetched = await fetcher.fetch({
    source: parseGitUrl(url).source,
    owner: 'bench',
    withSubmodules: false,
    findAccess: async () => ({ hostKeys: [] }),
    onWarning: () => {},
    signal,
  });
  try {
    const source = await indexTar({ archive: Readable.from(fetched.tar), compression: 'none', spoolFile });
    await source.close();
  } finally {
    await fetched.close();
    rmSync(spoolFile);
  }
}

/** Against a clone of the last commit with its files, which is what others build from. */
const gitFetch = ({ isWarm, ...about }) => ({
  ...about,
  run: async ({ folder, rounds, signal }) => {
    const repository = await createLargeRepository(folder);
    const server = await startGitServer({ folder });
    const url = `${server.url}/large.git`;
    const [kept, clone, spoolFile] = ['kept', 'clone', 'source.tar'].map((name) => join(folder, name));
    try {
      return await compare({
        rounds,
        signal,
        ours: async () => {
          if (isWarm) await repository.change();
          else rmSync(kept, { recursive: true, force: true });
          const startedAt = performance.now();
          await fetchAndIndex(createFetcher(kept), { url, spoolFile, signal });
          return performance.now() - startedAt;
        },
        peer: async () => {
          rmSync(clone, { recursive: true, force: true });
          const startedAt = performance.now();
          await run('git', ['clone', '--quiet', '--depth', '1', url, clone]);
          return performance.now() - startedAt;
        },
      });
    } finally {
      await server.stop();
    }
  },
});

/** The first build of a repository on a worker. */
export const gitFetchCold = gitFetch({
  name: 'git-fetch-cold',
  title: '5,000 files of 20,000 commits in git, fetched and indexed',
  goal: 1.3,
  isWarm: false,
});

/** A later one, after a commit that changes ten files. */
export const gitFetchWarm = gitFetch({
  name: 'git-fetch-warm',
  title: '10 of 5,000 files in git changed, fetched and indexed',
  goal: 0.3,
  isWarm: true,
});
