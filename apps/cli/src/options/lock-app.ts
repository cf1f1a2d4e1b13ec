import { type CommandCall, printResult } from '../command.js';

/** Locks or unlocks the app that is meant, by its name as an argument or as an option. */
export async function lockApp(call: CommandCall, isLocked: boolean): Promise<void> {
  const name = call.words[0] ?? call.appName();
  const rack = call.rack();
  call.output.start(`${isLocked ? 'Locking' : 'Unlocking'} ${name}`);
  await rack.updateApp(name, { lock: String(isLocked) });
  call.output.ok();
  if (call.isJson) printResult(call, { json: (await rack.getApp(name)).json, text: '' });
}
