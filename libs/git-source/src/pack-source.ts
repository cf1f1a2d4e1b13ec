import { type GitSource, gitServerName } from '@convox-builds/domain';
import { TAR_END_BYTES } from '@convox-builds/tar';

import { type FetchedRepository, type FetcherParts, fetchRepository, type Wanted } from './fetch-repository.js';
import { GitError } from './git-error.js';
import type { GitFetcherOptions } from './git-fetcher-options.js';
import type { GitRequest } from './git-request.js';
import { type FetchLfsOptions, fetchLfsObjects, type LfsFile } from './lfs/fetch-lfs-objects.js';
import { packTree } from './pack-tree.js';
import { readSubmodules } from './read-submodules.js';

const MAX_SUBMODULES = 100;
const MAX_ENTRIES = 200_000;

/** A source, or a submodule of it. */
interface Part {
  readonly wanted: Wanted & { readonly source: GitSource };
  readonly prefix: string;
}

/** A submodule that was met. */
interface Met {
  readonly path: string;
  readonly commit: string;
}

const andMore = (list: readonly unknown[]) => (list.length > 1 ? ` and ${list.length - 1} more` : '');

function warnOfSubmodules(submodules: readonly Met[], { withSubmodules, onWarning }: GitRequest): void {
  if (submodules.length === 0 || withSubmodules) return;
  onWarning(
    `Warning: submodule "${submodules[0]?.path}"${andMore(submodules)} left out: build with --submodules to fetch them`,
  );
}

/** Fetches what is in Git LFS, or says why it is built as pointers. */
async function fetchLfs(files: readonly LfsFile[], from: FetchLfsOptions, { onWarning }: GitRequest): Promise<boolean> {
  const { source } = from.server;
  if (await fetchLfsObjects(files, from)) return true;
  const place = `"${files[0]?.path}"${andMore(files)} in Git LFS`;
  onWarning(`Warning: ${place}: ${gitServerName(source)} has none, these files are built as its pointers`);
  return false;
}

/** Packs one repository and gives it back; answers its submodules as further parts. */
async function* packPart(
  repository: FetchedRepository,
  { wanted: { source }, prefix }: Part,
  { request, options }: { request: GitRequest; options: GitFetcherOptions },
): AsyncGenerator<Buffer, Part[]> {
  const { gitDir, commit, server, release } = repository;
  const { searchPath, limits } = options;
  const call = { gitDir, searchPath, signal: request.signal };
  const submodules: Met[] = [];
  try {
    const { id, committedAt } = commit;
    yield* packTree(
      {
        ...{
          commit: id,
          committedAt,
          prefix,
          subdir: source.subdir,
          maxBytes: limits.maxBytes,
          maxEntries: MAX_ENTRIES,
        },
        onSubmodule: (path, submodule) => submodules.push({ path, commit: submodule }),
        fetchLfs: (files) => fetchLfs(files, { server, gitDir, limits, searchPath, signal: request.signal }, request),
      },
      call,
    );
    warnOfSubmodules(submodules, request);
    if (!request.withSubmodules) return [];
    const rootPath = (path: string) => (source.subdir === '' ? path : `${source.subdir}/${path}`);
    const paths = submodules.map(({ path }) => rootPath(path));
    const sources = await readSubmodules({ source, commit: id, paths }, call);
    return submodules.flatMap(({ path, commit: submodule }) => {
      const found = sources.get(rootPath(path));
      return found === undefined ? [] : [{ wanted: { source: found, commit: submodule }, prefix: `${prefix}${path}/` }];
    });
  } finally {
    await release();
  }
}

async function fetchSubmodule(
  { wanted, prefix }: Part,
  request: GitRequest,
  parts: FetcherParts,
): Promise<FetchedRepository> {
  try {
    return await fetchRepository(wanted, request, parts);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const text = `submodule "${prefix.slice(0, -1)}" (${wanted.source.remote}): ${error.message}`;
    throw new GitError(error.code, text, { cause: error });
  }
}

/**
 * Packs a repository, and its submodules where they are wanted, as one tar. One repository after the other: nobody holds
 * one and waits for another.
 *
 * @throws {GitError}
 */
export async function* packSource(
  first: FetchedRepository,
  request: GitRequest,
  parts: FetcherParts,
): AsyncGenerator<Buffer> {
  const { options } = parts;
  const queue: Part[] = yield* packPart(first, { wanted: request, prefix: '' }, { request, options });
  for (let count = 1; queue.length > 0; count++) {
    if (count > MAX_SUBMODULES) throw new GitError('too-large', `there are more than ${MAX_SUBMODULES} submodules`);
    const [part] = queue.splice(0, 1);
    if (part === undefined) break;
    const repository = await fetchSubmodule(part, request, parts);
    queue.push(...(yield* packPart(repository, part, { request, options })));
  }
  yield Buffer.alloc(TAR_END_BYTES);
}
