import { run } from '../set-up/run.mjs';
import { giveUp } from '../set-up/say.mjs';
import { TOOLS } from '../set-up/stamp.mjs';

/** Brings a Go module for the files in it, and says where they are. Its checksum is as in a go.sum. */
export function downloadModule(name, checksum) {
  const { Dir, Sum } = JSON.parse(run('go', ['mod', 'download', '-json', name], { cwd: TOOLS }));
  if (Sum !== checksum) giveUp(`${name} is not what it should be: its checksum is ${Sum}`);
  return Dir;
}
