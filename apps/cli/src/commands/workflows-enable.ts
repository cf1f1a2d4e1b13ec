import { type CommandDefinition, printResult } from '../command.js';
import { createWorkflowCalls } from '../http/workflow-calls.js';

/** `convox workflows enable` */
export const workflowsEnable: CommandDefinition = {
  words: '<id>',
  summary: 'build again what a workflow is told of',
  options: [],
  examples: ['workflows enable FABCDEFGHIJ'],
  run: async (call) => {
    const [id = ''] = call.words;
    call.output.start(`Enabling workflow ${id}`);
    const { json } = await createWorkflowCalls(call.rack().connection).update(id, { enabled: 'true' });
    call.output.ok();
    printResult(call, { json, text: '' });
  },
};
