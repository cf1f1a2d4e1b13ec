import { printBuilt } from '../build/follow-build.js';
import { runBuild } from '../build/run-build.js';
import { BUILD_OPTIONS, startBuild } from '../build/start-build.js';
import { type CommandCall, type CommandDefinition, type OptionDefinition, printResult } from '../command.js';
import type { Build } from '../http/rack-objects.js';

const DETACH_OPTION: OptionDefinition = {
  flags: '--detach',
  description: 'do not wait for the end; with --id, print the bare build id',
};

/** Says how to find the build again. */
function leave(call: CommandCall, { id, json }: Build): void {
  call.output.line(`Build:   ${id}`);
  call.output.line(`Follow it with: convox builds attach ${id} -a ${call.appName()}`);
  if (call.isJson) printResult(call, { json, text: '' });
  else if (call.flag('id')) call.output.result(id);
}

/** `convox build` */
export const build: CommandDefinition = {
  words: '[source]',
  summary: 'build a folder or a git repository on the rack, and create a release',
  options: [...BUILD_OPTIONS, DETACH_OPTION],
  examples: [
    'build',
    'build ./shop -a shop',
    'build https://git.example.org/team/shop.git#main -a shop',
    'build https://git.example.org/team/shop.git --git-token-stdin -a shop < token',
    'build git@git.example.org:team/shop.git#v1.2:services/web -a shop',
    'build --build-args VERSION=1.2 --no-cache',
    'build -m convox.staging.yml --id',
    'build --branch main --supersede',
    'build --detach',
    'build --external',
  ],
  run: async (call) => {
    const isDetached = call.flag('detach');
    if (isDetached && call.flag('external')) throw new Error('--detach: a build on this machine ends with the command');
    if (isDetached) leave(call, await startBuild(call));
    else printBuilt(call, await runBuild(call));
  },
};
