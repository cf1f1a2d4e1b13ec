import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { RunEngine } from './engine.js';

/** With what an engine's commands run. */
export interface RunEngineOptions {
  readonly name: string;
  readonly inherited: Readonly<Record<string, string | undefined>>;
  readonly write: (bytes: Buffer) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Makes the function that runs an engine's commands, with all that they print going to the log. */
export function createRunEngine({ name, inherited, write, signal }: RunEngineOptions): RunEngine {
  return async ({ args, variables }) => {
    const action = args.find((word) => /^[a-z]+$/.test(word)) ?? '';
    const env = { ...inherited, ...variables };
    const child = spawn(name, args, { env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<void>((resolve, reject) => {
      child.once('error', (error) => reject(signal.aborted ? new Error('interrupted') : error));
      child.once('close', (code, killedBy) => {
        if (code === 0) resolve();
        else reject(new Error(`${name} ${action} ended with ${killedBy ?? `exit code ${code}`}`));
      });
    });
    const copy = async (stream: Readable) => {
      for await (const bytes of stream as AsyncIterable<Buffer>) await write(bytes);
    };
    await Promise.all([ended, copy(child.stdout), copy(child.stderr)]);
  };
}
