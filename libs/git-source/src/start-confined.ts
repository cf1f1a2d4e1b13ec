import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

const MAX_STDERR_LENGTH = 16 * 1024;

/** A program that is run for a source: git, or ssh. */
export interface ConfinedCall {
  readonly command: readonly string[];
  /** Where the program and its helpers are looked for: the value of `PATH`. */
  readonly searchPath: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** A command that runs the program as its last arguments. */
  readonly wrapper?: readonly string[];
  /** What can be read from file descriptor 3, once, and is nowhere else. */
  readonly secret?: string;
  readonly signal: AbortSignal;
}

/** A program has ended badly. */
export class GitProcessError extends Error {
  override readonly name = 'GitProcessError';
  /** `null`: by a signal. */
  readonly exitCode: number | null;
  readonly #stderr: string;

  constructor(stderr: string, exitCode: number | null) {
    super('git ended badly');
    this.exitCode = exitCode;
    this.#stderr = stderr;
  }

  /** The end of what it wrote to standard error. A server can say what it likes there, what we told it too: it is not logged. */
  get stderr(): string {
    return this.#stderr;
  }
}

/** A program that runs. */
export interface RunningProgram {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when it has ended well; rejects with a {@link GitProcessError}, or the reason of the signal. */
  readonly ended: Promise<void>;
  readonly kill: () => void;
}

/** A PID namespace of its own: whatever it starts ends with it, and with this process, however that ends. */
const CONFINEMENT = ['--pdeathsig', 'KILL', '--', 'unshare', '--pid', '--fork', '--kill-child=KILL', '--'];

async function waitForEnd(child: ChildProcess, stderr: Promise<string>, signal: AbortSignal): Promise<void> {
  const [code] = (await once(child, 'close')) as [number | null];
  signal.throwIfAborted();
  if (code !== 0) throw new GitProcessError(await stderr, code);
}

async function readEnd(stream: Readable): Promise<string> {
  let end = '';
  for await (const piece of stream) end = (end + String(piece)).slice(-MAX_STDERR_LENGTH);
  return end;
}

/** Starts a program with nothing of this process' environment. */
export function startConfined(call: ConfinedCall): RunningProgram {
  const { command, searchPath, environment = {}, wrapper = [], secret, signal } = call;
  signal.throwIfAborted();
  const env = { PATH: searchPath, LC_ALL: 'C', HOME: '/nonexistent', ...environment };
  const args = [...CONFINEMENT, ...wrapper, ...command];
  const child = spawn('setpriv', args, { cwd: '/', env, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
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
