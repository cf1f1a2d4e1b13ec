import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/convox.js', import.meta.url));

/** What is typed as soon as the terminal shows something. */
export type Typing = readonly (readonly [shown: string | (() => boolean), typed: string])[];

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

/** Runs the real `convox` command on a terminal of its own (`script`, util-linux) and gives what it showed. */
export async function runOnTerminal(
  args: readonly string[],
  { env, typing }: { env: Readonly<Record<string, string>>; typing: Typing },
): Promise<{ readonly code: number | null; readonly shown: string }> {
  // A shell that stays would end as interrupted, whatever the command makes of it.
  const command = ['exec', ...[process.execPath, BIN, ...args].map(quote)].join(' ');
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent', SHELL: '/bin/sh', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  const left = [...typing];
  const type = () => {
    const [next] = left;
    if (next === undefined) return;
    const [sign, typed] = next;
    if (typeof sign === 'string' ? !shown.includes(sign) : !sign()) return;
    left.shift();
    child.stdin.write(typed);
  };
  child.stdout.on('data', (bytes: Buffer) => {
    shown += bytes.toString('utf8').replaceAll('\r\n', '\n');
  });
  const timer = setInterval(type, 20);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(timer);
  // What was written over nobody has seen at the end.
  return { code, shown: shown.replace(/^.*\r\u001b\[K/gm, '') };
}
