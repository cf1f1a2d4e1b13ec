import { type Environment, formatEnvironment, parseEnvironment } from '@convox-builds/domain';
import { APP_OPTION, type CommandCall, type CommandDefinition, ID_OPTION, printResult } from '../command.js';
import { PROMOTE_OPTION, RELEASE_OPTION, readAppEnvironment, writeAppEnvironment } from '../options/app-environment.js';
import { editText } from '../terminal/edit-text.js';
import { canAsk, readLine } from '../terminal/read-line.js';

/** The number of the first line that is neither a pair nor empty nor a comment. The line itself may be a secret. */
function findBadLine(text: string): number | undefined {
  const index = text.split('\n').findIndex((line) => !/^\s*(?:#.*)?$|^[^=]*[^=\s][^=]*=/.test(line));
  return index < 0 ? undefined : index + 1;
}

/** Edits until every line is a pair, or the person gives up. */
async function edit(call: CommandCall, before: string): Promise<Environment> {
  const { editor } = call.environment;
  for (let text = before; ; ) {
    text = await editText(text, { editor, name: `${call.appName()}.env` });
    const line = findBadLine(text);
    if (line === undefined) return parseEnvironment(text.replace(/^\s*#.*$/gm, ''));
    const problem = `line ${line} is not KEY=VALUE`;
    if (!canAsk()) throw new Error(`${problem}: nothing was changed`);
    call.output.ask(`Line ${line} is not KEY=VALUE. Edit again? [Y/n] `);
    if (/^n/i.test((await readLine()).trim() || 'y')) throw new Error(`${problem}: nothing was changed`);
  }
}

function changedNames(before: Environment, after: Environment): readonly string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).toSorted();
}

/** `convox env edit` */
export const envEdit: CommandDefinition = {
  summary: 'edit the environment in $EDITOR, and save what changed in a new release',
  options: [APP_OPTION, ID_OPTION, PROMOTE_OPTION, RELEASE_OPTION],
  examples: ['env edit', 'env edit --promote'],
  run: async (call) => {
    const parentId = call.text('release');
    const before = await readAppEnvironment(call, parentId);
    const text = formatEnvironment(before);
    const after = await edit(call, text === '' ? '' : `${text}\n`);
    const names = changedNames(before, after);
    if (names.length === 0) {
      call.output.line('Nothing has changed');
      if (call.isJson) printResult(call, { json: null, text: '' });
      return;
    }
    await writeAppEnvironment(call, { environment: after, title: `Setting ${names.join(', ')}`, parentId });
  },
};
