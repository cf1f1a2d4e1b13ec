import { openArchive } from '../archive/open-archive.js';
import { showProgress } from '../archive/show-progress.js';
import { APP_OPTION, type CommandCall, type CommandDefinition, ID_OPTION, printResult } from '../command.js';
import type { ImportedBuild } from '../http/imported-build.js';

async function importBuild(call: CommandCall): Promise<ImportedBuild> {
  const { output } = call;
  const progress = showProgress(output);
  try {
    const archive = await openArchive({ path: call.text('file'), stdin: process.stdin, onProgress: progress.set });
    output.start('Importing build');
    const build = await call.rack().importBuild(call.appName(), archive);
    output.ok(build.release);
    return build;
  } finally {
    progress.stop();
  }
}

/** `convox builds import` */
export const buildsImport: CommandDefinition = {
  summary: 'create a build and a release from an archive',
  options: [
    APP_OPTION,
    ID_OPTION,
    { flags: '-f, --file <name>', description: 'read from this file (else from standard input)' },
  ],
  examples: ['builds import -a shop < build.tgz', 'builds import -a shop -f build.tgz --id'],
  run: async (call) => {
    const build = await importBuild(call);
    for (const warning of build.warnings) call.output.warn(`warning: ${warning.replace(/^warning: /, '')}`);
    if (call.isJson) printResult(call, { json: build.json, text: '' });
    else if (call.flag('id')) call.output.result(build.release);
  },
};
