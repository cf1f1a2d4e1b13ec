import { pipeline } from 'node:stream/promises';

import { downloadArchive } from '../archive/download-archive.js';
import { showProgress } from '../archive/show-progress.js';
import { writeFile } from '../archive/write-file.js';
import { APP_OPTION, type CommandCall, type CommandDefinition, printResult } from '../command.js';
import { createOutput, type Output } from '../terminal/output.js';

async function exportBuild(
  call: CommandCall,
  output: Output,
  write: (content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const [id = ''] = call.words;
  output.start('Exporting build');
  const progress = showProgress(output);
  try {
    await write(downloadArchive(call.rack(), { app: call.appName(), id, onProgress: progress.set }));
    output.ok();
  } finally {
    progress.stop();
    output.end();
  }
}

/** Standard output carries the archive: everything else goes to standard error. */
async function exportToOutput(call: CommandCall): Promise<void> {
  const { stdout, stderr } = process;
  if (stdout.isTTY) throw new Error('pipe this command into a file or specify --file');
  const output = createOutput({ stdout, stderr, isResultOnly: true });
  await exportBuild(call, output, (content) => pipeline(content, stdout, { end: false }));
}

/** `convox builds export` */
export const buildsExport: CommandDefinition = {
  words: '<id>',
  summary: 'write a build with its images and its log to an archive, for another rack or for keeping',
  options: [APP_OPTION, { flags: '-f, --file <name>', description: 'write to this file (else to standard output)' }],
  examples: [
    'builds export BABCDEFGHIJ -a shop > build.tgz',
    'builds export BABCDEFGHIJ -a shop -f build.tgz',
    'builds export BABCDEFGHIJ -a shop --rack one | convox builds import -a shop --rack two',
  ],
  run: async (call) => {
    const file = call.text('file');
    if (file === undefined) return exportToOutput(call);
    await exportBuild(call, call.output, (content) => writeFile(file, content));
    if (call.isJson) printResult(call, { json: { id: call.words[0], file }, text: '' });
  },
};
