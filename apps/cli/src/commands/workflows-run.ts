import { type CommandDefinition, printResult } from '../command.js';
import { createWorkflowCalls } from '../http/workflow-calls.js';
import { presentOptions } from '../options/present-options.js';

/** `convox workflows run` */
export const workflowsRun: CommandDefinition = {
  words: '<id>',
  summary: 'do what a workflow does, now',
  options: [
    { flags: '--branch <name>', description: 'the branch that is built (default: what the server calls HEAD)' },
    { flags: '--commit <id>', description: 'the full id of the commit that is built' },
    { flags: '--title <text>', description: 'what it is for' },
  ],
  examples: ['workflows run FABCDEFGHIJ --branch main', 'workflows run FABCDEFGHIJ --branch main --title "try again"'],
  run: async (call) => {
    const [id = ''] = call.words;
    call.output.start(`Running workflow ${id}`);
    const form = presentOptions(call, ['branch', 'commit', 'title']);
    const job = await createWorkflowCalls(call.rack().connection).run(id, form);
    call.output.ok(job.id);
    printResult(call, { json: job.json, text: '' });
  },
};
