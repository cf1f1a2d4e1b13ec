import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

import { LastLine } from './last-line.js';
import type { PromotionCall, PromotionHook, PromotionOutcome } from './promotion-hook.js';

/** `EX_TEMPFAIL` of sysexits.h: it may go well another time. */
const EXIT_PASSING = 75;
const KILL_AFTER_MS = 5000;
/** What it has written may come after its end; something of it that holds standard error open is not waited for. */
const LAST_WORDS_MS = 1000;

/** The operator's program, and how long it may take. */
export interface PromotionCommand {
  readonly command: readonly [string, ...string[]];
  /** Where programs are looked for. */
  readonly searchPath: string;
  readonly timeoutMs: number;
}

interface Exit {
  readonly code: number | null;
  readonly cannotStart?: Error;
}

/** Signals the program and whatever it has started: they are a group. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

async function stop(child: ChildProcess, exited: Promise<Exit>): Promise<void> {
  signalGroup(child, 'SIGTERM');
  await Promise.race([exited, sleep(KILL_AFTER_MS, undefined, { ref: false })]);
  signalGroup(child, 'SIGKILL');
  await exited;
}

function judge({ code, cannotStart }: Exit, said: string): PromotionOutcome {
  if (cannotStart !== undefined)
    return { kind: 'passing', reason: `the promotion command cannot be started: ${cannotStart.message}` };
  if (code === 0) return { kind: 'succeeded' };
  const how = code === null ? 'was killed' : `ended with ${code}`;
  const reason = `the promotion command ${how}${said === '' ? '' : `: ${said}`}`;
  return { kind: code === EXIT_PASSING ? 'passing' : 'failed', reason };
}

/** Starts it with none of our own environment: there are the rack's secrets in it. */
function start({ command: [program, ...args], searchPath }: PromotionCommand, call: PromotionCall) {
  const env = {
    PATH: searchPath,
    CONVOX_APP: call.app,
    CONVOX_RELEASE: call.release,
    CONVOX_PROMOTION: call.promotion,
  };
  const child = spawn(program, args, { detached: true, env, stdio: ['pipe', 'ignore', 'pipe'] });
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', (error) => resolve({ code: null, cannotStart: error }));
    child.once('exit', (code) => resolve({ code }));
  });
  // A program that does not read its input is free to do so.
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(call));
  return { child, exited };
}

/**
 * Makes the hook that runs the operator's program for a promotion: the promotion on standard input, as JSON; the outcome is
 * its exit code, and the reason the last line that it writes to standard error.
 */
export function runPromotionCommand(command: PromotionCommand): PromotionHook {
  return async (call, signal) => {
    signal.throwIfAborted();
    const { child, exited } = start(command, call);
    const lastLine = new LastLine();
    child.stderr.on('data', (piece: Buffer) => lastLine.add(piece));
    const closed = new Promise((resolve) => child.stderr.once('close', resolve));
    const timeout = AbortSignal.timeout(command.timeoutMs);
    const ending = AbortSignal.any([signal, timeout]);
    const aborted = new Promise<undefined>((resolve) =>
      ending.addEventListener('abort', () => resolve(undefined), { once: true }),
    );
    const exit = await Promise.race([exited, aborted]);
    // Also when it has ended by itself: nothing of it may go on.
    await stop(child, exited);
    if (exit !== undefined) {
      await Promise.race([closed, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
      return judge(exit, lastLine.text);
    }
    signal.throwIfAborted();
    return {
      kind: 'failed',
      reason: `the promotion command took longer than ${command.timeoutMs / 1000} seconds`,
    };
  };
}
