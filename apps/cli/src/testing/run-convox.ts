import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const BIN = fileURLToPath(new URL('../../bin/convox.js', import.meta.url));

/** How a run of the command ended. */
export interface ConvoxResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what the command runs. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
  /** Another file than that of the workspace. */
  readonly bin?: string;
  /** Sees the process once it has been started. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs the real `convox` command as a child process, with nothing of our own environment. */
export async function runConvox(args: readonly string[], options: RunOptions = {}): Promise<ConvoxResult> {
  const env = { PATH: SYSTEM_PATH, HOME: '/nonexistent', ...options.env };
  const child = spawn(process.execPath, [options.bin ?? BIN, ...args], {
    cwd: options.cwd,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  options.onStart?.(child);
  child.stdin.end(options.input ?? '');
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}
