import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

import { parseGitUrl } from '@convox-builds/domain';
import { createTemporaryFolder, searchPath } from '@convox-builds/testing';

import { createGitFetcher } from '../create-git-fetcher.js';
import type { GitFetcherOptions } from '../git-fetcher-options.js';
import type { FetchedSource, GitRequest } from '../git-request.js';
import type { GitAccess } from '../open-transport.js';

const run = promisify(execFile);

/** A source that was fetched and unpacked by GNU tar, which is none of ours. */
export interface UnpackedSource {
  readonly commit: FetchedSource['commit'];
  readonly warnings: readonly string[];
  /** Contents by path; links as `-> target`; empty folders as `/`. */
  readonly files: Readonly<Record<string, string>>;
  readonly folder: string;
}

/** A fetcher with a folder of its own. */
export interface TestFetcher {
  readonly folder: string;
  readonly fetch: (url: string, options?: Partial<GitRequest> & { access?: GitAccess }) => Promise<UnpackedSource>;
  readonly remove: () => Promise<void>;
}

async function listFiles(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (entry.isSymbolicLink()) files[name] = `-> ${await readlink(path)}`;
    else if (entry.isFile()) files[name] = await readFile(path, 'utf8');
    else if ((await readdir(path)).length === 0) files[name] = '/';
  }
  return files;
}

/** Makes a fetcher that may reach loopback. */
export async function openTestFetcher(options: Partial<GitFetcherOptions> = {}): Promise<TestFetcher> {
  const temporary = await createTemporaryFolder();
  const fetcher = createGitFetcher({
    folder: join(temporary.path, 'git'),
    maxKeptBytes: 1_000_000_000,
    limits: { maxBytes: 1_000_000_000, timeoutMs: 60_000 },
    openNetworks: ['127.0.0.0/8'],
    ownServices: [],
    searchPath: searchPath(),
    ...options,
  });
  return {
    folder: temporary.path,
    remove: temporary.remove,
    fetch: async (url, { access = { hostKeys: [] }, ...request } = {}) => {
      const warnings: string[] = [];
      const fetched = await fetcher.fetch({
        source: parseGitUrl(url).source,
        owner: 'app',
        withSubmodules: false,
        findAccess: async () => access,
        onWarning: (text) => warnings.push(text),
        signal: new AbortController().signal,
        ...request,
      });
      try {
        const folder = await mkdtemp(join(temporary.path, 'unpacked-'));
        await pipeline(Readable.from(fetched.tar), createWriteStream(`${folder}.tar`));
        await run('tar', ['-xf', `${folder}.tar`, '-C', folder]);
        return { commit: fetched.commit, warnings, files: await listFiles(folder), folder };
      } finally {
        await fetched.close();
      }
    },
  };
}
