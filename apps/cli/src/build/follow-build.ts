import { type CommandCall, printResult } from '../command.js';
import type { Build } from '../http/rack-objects.js';
import { followLog } from './follow-log.js';
import { watchInterrupt } from './watch-interrupt.js';

/**
 * Gives a build back that ended well.
 *
 * @throws {Error} `build failed: <reason>` for any other
 */
export function assertComplete(build: Build): Build {
  if ((build.state ?? build.status) === 'complete') return build;
  const reason = build.reason.trim().replace(/\s*\n\s*/g, ' ');
  throw new Error(reason === '' ? 'build failed' : `build failed: ${reason}`);
}

/**
 * Shows the log of a build to its end. Ctrl-C asks what is to become of it.
 *
 * @returns the complete build
 * @throws {Error} `build failed: <reason>` when it does not end well
 */
export async function followBuild(call: CommandCall, id: string): Promise<Build> {
  const { output } = call;
  const [rack, app] = [call.rack(), call.appName()];
  const interrupt = watchInterrupt(rack, { app, id, output });
  const onIncomplete = (text: string) => output.warn(`warning: ${text}`);
  try {
    return assertComplete(await followLog(rack, { app, id, write: interrupt.log, onIncomplete }));
  } finally {
    interrupt.stop();
  }
}

/** Prints what a complete build came to. */
export function printBuilt(call: CommandCall, { id, release, json }: Build): void {
  call.output.line(`Build:   ${id}`);
  call.output.line(`Release: ${release}`);
  if (call.isJson) printResult(call, { json, text: '' });
  else if (call.flag('id')) call.output.result(release);
}
