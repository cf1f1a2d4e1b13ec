import { type CommandDefinition, printResult } from '../command.js';
import { createWorkflowCalls } from '../http/workflow-calls.js';

/** `convox workflows disable` */
export const workflowsDisable: CommandDefinition = {
  words: '<id>',
  summary: 'start nothing by a workflow, until it is enabled again',
  options: [],
  examples: ['workflows disable FABCDEFGHIJ'],
  run: async (call) => {
    const [id = ''] = call.words;
    call.output.start(`Disabling workflow ${id}`);
    const { json } = await createWorkflowCalls(call.rack().connection).update(id, { enabled: 'false' });
    call.output.ok();
    printResult(call, { json, text: '' });
  },
};
