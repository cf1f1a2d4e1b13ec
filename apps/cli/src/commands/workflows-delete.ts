import { type CommandDefinition, printResult } from '../command.js';
import { createWorkflowCalls } from '../http/workflow-calls.js';

/** `convox workflows delete` */
export const workflowsDelete: CommandDefinition = {
  words: '<id>',
  summary: 'delete a workflow with the list of what it started; builds go on',
  options: [],
  examples: ['workflows delete FABCDEFGHIJ'],
  run: async (call) => {
    const [id = ''] = call.words;
    call.output.start(`Deleting workflow ${id}`);
    await createWorkflowCalls(call.rack().connection).delete(id);
    call.output.ok();
    printResult(call, { json: { id }, text: '' });
  },
};
