import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

const MAX_STDERR_LENGTH = 16 * 1024;

/** A call of git. */
export interface GitCall {
  readonly args: readonly string[];
  /** The bare repository. */
  readonly gitDir: string;
  /** Where git and its helpers are looked for: the value of `PATH`. */
  readonly searchPath: string;
  /** Settings of git for this call; everybody can list them. */
  readonly config?: readonly (readonly [name: string, value: string])[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A command that runs git as its last arguments. */
  readonly wrapper?: readonly string[];
  /** What can be read from file descriptor 3, once, and is nowhere else. */
  readonly secret?: string;
  readonly signal: AbortSignal;
}

/** Git has ended badly. */
export class GitProcessError extends Error {
  override readonly name = 'GitProcessError';
  readonly #stderr: string;

  constructor(stderr: string, options?: ErrorOptions) {
    super('git ended badly', options);
    this.#stderr = stderr;
  }

  /** The end of what it wrote to standard error. A server can say what it likes there, what we told it too: it is not logged. */
  get stderr(): string {
    return this.#stderr;
  }
}

/** A git that runs. */
export interface RunningGit {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when it has ended well; rejects with a {@link GitProcessError}, or the reason of the signal. */
  readonly ended: Promise<void>;
  readonly kill: () => void;
}

/** Nothing of the machine's or the repository's own making may change what git does (git(1), git-config(1)). */
const CONFIG = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.attributesFile', '/dev/null'],
  ['credential.helper', ''],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['protocol.allow', 'never'],
  ['transfer.bundleURI', 'false'],
  ['advice.detachedHead', 'false'],
] as const;

const ENVIRONMENT = {
  LC_ALL: 'C',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_PROTOCOL_FROM_USER: '0',
  GIT_OPTIONAL_LOCKS: '0',
};

/** A PID namespace of its own: whatever git starts ends with it, and with this process, however that ends. */
const CONFINEMENT = ['--pdeathsig', 'KILL', '--', 'unshare', '--pid', '--fork', '--kill-child=KILL', '--'];

async function waitForEnd(child: ChildProcess, stderr: Promise<string>, signal: AbortSignal): Promise<void> {
  const [code] = (await once(child, 'close')) as [number | null];
  signal.throwIfAborted();
  if (code !== 0) throw new GitProcessError(await stderr);
}

async function readEnd(stream: Readable): Promise<string> {
  let end = '';
  for await (const piece of stream) end = (end + String(piece)).slice(-MAX_STDERR_LENGTH);
  return end;
}

/** Starts git with nothing of this process' environment. */
export function startGit(call: GitCall): RunningGit {
  const { args, gitDir, searchPath, config = [], environment = {}, wrapper = [], secret, signal } = call;
  signal.throwIfAborted();
  const settings = [...CONFIG, ...config].flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [...CONFINEMENT, ...wrapper, 'git', ...settings, '--git-dir', gitDir, ...args];
  const env = { PATH: searchPath, ...ENVIRONMENT, ...environment };
  const child = spawn('setpriv', command, { cwd: '/', env, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
  const kill = () => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  const { stdin, stdout, stderr } = child;
  const secretPipe = child.stdio[3] as Writable;
  // Whoever ends early does not read to the end; how it ended tells all.
  for (const pipe of [stdin, secretPipe]) pipe.on('error', () => {});
  secretPipe.end(secret ?? '');
  const failed = once(child, 'error').then(([error]) => Promise.reject(error as Error));
  const ended = Promise.race([waitForEnd(child, readEnd(stderr), signal), failed]).finally(() =>
    signal.removeEventListener('abort', kill),
  );
  failed.catch(() => {});
  ended.catch(() => {});
  return { stdin, stdout, ended, kill };
}

/**
 * Runs git and gives what it wrote to standard output.
 *
 * @throws {GitProcessError} when it ended badly; the reason of the signal when that was aborted
 */
export async function runGit(call: GitCall): Promise<string> {
  const { stdin, stdout, ended } = startGit(call);
  stdin.end();
  const [output] = await Promise.all([text(stdout), ended]);
  return output;
}
