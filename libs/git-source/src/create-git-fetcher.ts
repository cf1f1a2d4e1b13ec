import type { GitSource } from '@convox-builds/domain';

import { createAddressPolicy } from './address-policy.js';
import { assertGitVersion } from './assert-git-version.js';
import { fetchCommit } from './fetch-commit.js';
import { createGitCache, type GitCache, type LeasedRepository } from './git-cache.js';
import { GitError } from './git-error.js';
import type { TransferLimits } from './limit-transfer.js';
import { type GitAccess, openTransport } from './open-transport.js';
import { packTree } from './pack-tree.js';
import { type CommitDescription, readCommit } from './read-commit.js';
import { readSubmodules } from './read-submodules.js';
import { type Lookup, lookupHost, type Place, type ResolveOptions, resolveHost } from './resolve-host.js';
import { TAR_END } from './tar-entry.js';

const MAX_SUBMODULES = 100;
const MAX_ENTRIES = 200_000;

/** How a fetcher is set. */
export interface GitFetcherOptions {
  /** Where repositories are kept between fetches; of this process alone. */
  readonly folder: string;
  /** Of all that is kept, and of one repository, in bytes. */
  readonly maxKeptBytes: number;
  readonly limits: TransferLimits;
  /** Inward networks that may be reached, such as `10.1.0.0/16`; all others are refused. */
  readonly openNetworks: readonly string[];
  /** The rack's own services, which are never reached. */
  readonly ownServices: readonly Place[];
  /** The value of `PATH`. */
  readonly searchPath: string;
  /** Default: the system's. */
  readonly lookup?: Lookup;
}

/** What is wanted from a git server. */
export interface GitRequest {
  readonly source: GitSource;
  /** The commit, when it is known already: instead of the source's ref. */
  readonly commit?: string;
  /** Who asks: what was fetched for one is never given to another. */
  readonly owner: string;
  readonly withSubmodules: boolean;
  /**
   * Tells how a server lets us in.
   *
   * @param isOpened whether it is in a network that the rack's operator has opened
   */
  readonly findAccess: (source: GitSource, isOpened: boolean) => Promise<GitAccess>;
  /** Told of what a person should know, in one line. */
  readonly onWarning: (text: string) => void;
  readonly signal: AbortSignal;
}

/** A source that was fetched. */
export interface FetchedSource {
  readonly commit: CommitDescription & {
    /** Full id. */
    readonly id: string;
    /** `''` when no branch was asked for by its name. */
    readonly branch: string;
  };
  /** The tree as an uncompressed tar; to be read once. Rejects with a {@link GitError}. */
  readonly tar: AsyncGenerator<Buffer>;
  /** To be called in any case. */
  readonly close: () => Promise<void>;
}

/** Fetches sources from git servers. */
export interface GitFetcher {
  /**
   * Brings one commit here.
   *
   * @throws {GitError}
   */
  readonly fetch: (request: GitRequest) => Promise<FetchedSource>;
}

/** One repository with the commit in it. */
interface FetchedRepository extends LeasedRepository {
  readonly commit: FetchedSource['commit'];
}

interface Parts {
  readonly options: GitFetcherOptions;
  readonly cache: GitCache;
  readonly resolve: ResolveOptions;
}

type Wanted = Pick<GitRequest, 'source' | 'commit'>;

async function fetchRepository(wanted: Wanted, request: GitRequest, parts: Parts): Promise<FetchedRepository> {
  const { options, cache, resolve } = parts;
  const { source, commit } = wanted;
  const { owner, signal, findAccess } = request;
  const { limits, searchPath } = options;
  const address = await resolveHost(source, resolve);
  const access = await findAccess(source, resolve.policy.isOpened(address));
  const transport = await openTransport(source, address, access);
  try {
    const repository = await cache.lease(`${owner} ${source.remote}`, signal);
    const { gitDir } = repository;
    const call = { gitDir, searchPath, signal };
    try {
      const fetched = await fetchCommit({ ...call, source, ref: commit ?? source.ref, transport, limits });
      return { ...repository, commit: { ...fetched, ...(await readCommit(fetched.id, call)) } };
    } catch (error) {
      await repository.release();
      throw error;
    }
  } finally {
    await transport.close();
  }
}

/** A source, or a submodule of it. */
interface Part {
  readonly wanted: Wanted & { readonly source: GitSource };
  readonly prefix: string;
}

/** What was met while a repository was packed. */
interface Met {
  readonly submodules: { readonly path: string; readonly commit: string }[];
  readonly pointers: string[];
}

function warn({ pointers, submodules }: Met, { withSubmodules, onWarning }: GitRequest): void {
  const more = (list: readonly unknown[]) => (list.length > 1 ? ` and ${list.length - 1} more` : '');
  if (pointers.length > 0) {
    onWarning(
      `Warning: "${pointers[0]}"${more(pointers)}: Git LFS is not fetched, these files are built as its pointers`,
    );
  }
  if (submodules.length > 0 && !withSubmodules) {
    onWarning(
      `Warning: submodule "${submodules[0]?.path}"${more(submodules)} left out: build with --submodules to fetch them`,
    );
  }
}

/** Packs one repository and gives it back; answers its submodules as further parts. */
async function* packPart(
  repository: FetchedRepository,
  { wanted: { source }, prefix }: Part,
  { request, options }: { request: GitRequest; options: GitFetcherOptions },
): AsyncGenerator<Buffer, Part[]> {
  const { gitDir, commit, release } = repository;
  const { searchPath, limits } = options;
  const call = { gitDir, searchPath, signal: request.signal };
  const met: Met = { submodules: [], pointers: [] };
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
        onSubmodule: (path, submodule) => met.submodules.push({ path, commit: submodule }),
        onLfsPointer: (path) => met.pointers.push(path),
      },
      call,
    );
    warn(met, request);
    if (!request.withSubmodules) return [];
    const rootPath = (path: string) => (source.subdir === '' ? path : `${source.subdir}/${path}`);
    const paths = met.submodules.map(({ path }) => rootPath(path));
    const sources = await readSubmodules({ source, commit: id, paths }, call);
    return met.submodules.flatMap(({ path, commit: submodule }) => {
      const found = sources.get(rootPath(path));
      return found === undefined ? [] : [{ wanted: { source: found, commit: submodule }, prefix: `${prefix}${path}/` }];
    });
  } finally {
    await release();
  }
}

async function fetchSubmodule({ wanted, prefix }: Part, request: GitRequest, parts: Parts): Promise<FetchedRepository> {
  try {
    return await fetchRepository(wanted, request, parts);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const text = `submodule "${prefix.slice(0, -1)}" (${wanted.source.remote}): ${error.message}`;
    throw new GitError(error.code, text, { cause: error });
  }
}

/** One repository after the other: nobody holds one and waits for another. */
async function* packAll(first: FetchedRepository, request: GitRequest, parts: Parts): AsyncGenerator<Buffer> {
  const { options } = parts;
  const queue: Part[] = yield* packPart(first, { wanted: request, prefix: '' }, { request, options });
  for (let count = 1; queue.length > 0; count++) {
    if (count > MAX_SUBMODULES) throw new GitError('too-large', `there are more than ${MAX_SUBMODULES} submodules`);
    const [part] = queue.splice(0, 1);
    if (part === undefined) break;
    const repository = await fetchSubmodule(part, request, parts);
    queue.push(...(yield* packPart(repository, part, { request, options })));
  }
  yield TAR_END;
}

/** Makes what fetches sources. Nothing is done before the first fetch; git has to be there by then. */
export function createGitFetcher(options: GitFetcherOptions): GitFetcher {
  const { folder, maxKeptBytes, searchPath, openNetworks, ownServices, lookup = lookupHost } = options;
  const parts: Parts = {
    options,
    cache: createGitCache({ folder, maxBytes: maxKeptBytes, searchPath }),
    resolve: { policy: createAddressPolicy(openNetworks), ownServices, lookup },
  };
  return {
    fetch: async (request) => {
      await assertGitVersion(searchPath, request.signal);
      const repository = await fetchRepository(request, request, parts);
      const tar = packAll(repository, request, parts);
      const close = async () => {
        await tar.return(undefined);
        await repository.release();
      };
      return { commit: repository.commit, tar, close };
    },
  };
}
