import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a program to its end. What it says is shown only if it fails. */
export async function runProgram(command, args, { env = {}, cwd } = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0)
    throw new Error(`${command} ${args.slice(0, 2).join(' ')} ended with ${code}:\n${output.slice(-2000)}`);
}

/** Runs the installed `convox` command as a process of its own. */
export function convox(rack, args, { cwd } = {}) {
  return runProgram(process.execPath, [rack.convox, ...args], {
    cwd,
    env: { RACK_URL: rack.url },
  });
}
