import { type CommandDefinition, printResult } from '../command.js';
import { createWorkflowCalls } from '../http/workflow-calls.js';
import { presentOptions } from '../options/present-options.js';
import { WORKFLOW_OPTIONS, workflowForm } from '../options/workflow-options.js';

/** `convox workflows update` */
export const workflowsUpdate: CommandDefinition = {
  words: '<id>',
  summary: 'change a workflow; what is not given stays, and so does what it has started',
  options: [{ flags: '--name <name>', description: 'its new name' }, ...WORKFLOW_OPTIONS],
  examples: [
    "workflows update FABCDEFGHIJ --branch main --branch 'release/*'",
    'workflows update FABCDEFGHIJ --promote manual',
    'workflows update FABCDEFGHIJ --before "web bin/migrate"',
  ],
  run: async (call) => {
    const [id = ''] = call.words;
    const form = { ...presentOptions(call, ['name']), ...workflowForm(call) };
    if (Object.keys(form).length === 0) throw new Error('nothing to change: give an option, see --help');
    call.output.start(`Changing workflow ${id}`);
    const { json } = await createWorkflowCalls(call.rack().connection).update(id, form);
    call.output.ok();
    printResult(call, { json, text: '' });
  },
};
