import { BUILD_OPTIONS, runBuild } from '../build/run-build.js';
import { type CommandDefinition, printResult } from '../command.js';

/** `convox build` */
export const build: CommandDefinition = {
  words: '[source]',
  summary: 'build a folder or a git repository on the rack, and create a release',
  options: BUILD_OPTIONS,
  examples: [
    'build',
    'build ./shop -a shop',
    'build https://git.example.org/team/shop.git#main -a shop',
    'build git@git.example.org:team/shop.git#v1.2:services/web -a shop',
    'build --build-args VERSION=1.2 --no-cache',
    'build -m convox.staging.yml --id',
    'build --branch main --supersede',
  ],
  run: async (call) => {
    const built = await runBuild(call);
    call.output.line(`Build:   ${built.id}`);
    call.output.line(`Release: ${built.release}`);
    if (call.isJson) printResult(call, { json: built.json, text: '' });
    else if (call.flag('id')) call.output.result(built.release);
  },
};
