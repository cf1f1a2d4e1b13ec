import { execFile } from 'node:child_process';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file by its content, which may be run when it is a script; a link by where it leads. */
export type CommittedFile = string | Buffer | { readonly link: string } | { readonly script: string | Buffer };

/** A bare repository with a folder in which commits are made. */
export interface TestGitRepository {
  /** Of the bare repository. */
  readonly path: string;
  /** Writes files over those that are there, commits them on a branch (default `main`) and pushes; answers the commit's id. */
  readonly commit: (files: Readonly<Record<string, CommittedFile>>, options?: CommitOptions) => Promise<string>;
  /** Runs git in the folder in which commits are made. */
  readonly git: (...args: readonly string[]) => Promise<string>;
}

/** How a commit is made. */
export interface CommitOptions {
  readonly branch?: string;
  readonly message?: string;
  /** Seconds since 1970. */
  readonly time?: number;
}

async function writeCommitted(path: string, file: CommittedFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { recursive: true, force: true });
  if (typeof file === 'string' || Buffer.isBuffer(file)) return writeFile(path, file);
  if ('link' in file) return symlink(file.link, path);
  await writeFile(path, file.script);
  await chmod(path, 0o755);
}

/** Makes an empty repository `<name>.git` in a folder. */
export async function createGitRepository(folder: string, name: string): Promise<TestGitRepository> {
  const path = join(folder, `${name}.git`);
  const work = join(folder, `${name}.work`);
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  const git = async (args: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    const who = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', '-c', 'protocol.file.allow=always'];
    const { stdout } = await run('git', ['-C', work, ...who, ...args], { env: { ...environment, ...more } });
    return stdout.trim();
  };
  await mkdir(work, { recursive: true });
  await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', path], { env: environment });
  await git(['init', '--quiet', '--initial-branch=main']);
  await git(['remote', 'add', 'origin', path]);
  return {
    path,
    git: (...args) => git(args),
    commit: async (files, { branch = 'main', message = 'a change', time = 1_700_000_000 } = {}) => {
      await git(['checkout', '--quiet', '-B', branch]);
      for (const [file, content] of Object.entries(files)) await writeCommitted(join(work, file), content);
      await git(['add', '--all']);
      const date = `${time} +0000`;
      const dates = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
      await git(['commit', '--quiet', '--allow-empty', '-m', message], dates);
      await git(['push', '--quiet', '--force', 'origin', branch]);
      return git(['rev-parse', 'HEAD']);
    },
  };
}
