import { type CommandDefinition, printResult } from '../command.js';
import { createWorkflowCalls } from '../http/workflow-calls.js';

/** `convox workflows redeliver` */
export const workflowsRedeliver: CommandDefinition = {
  words: '<delivery>',
  summary: 'look at a delivery again, as if it came now',
  options: [],
  examples: ['workflows redeliver 6f1c7a52-3c1e-4c1b-9d43-0a6c8e0f9d11'],
  run: async (call) => {
    const [delivery = ''] = call.words;
    call.output.start(`Looking at ${delivery} again`);
    await createWorkflowCalls(call.rack().connection).redeliver(delivery);
    call.output.ok();
    printResult(call, { json: { id: delivery }, text: '' });
  },
};
