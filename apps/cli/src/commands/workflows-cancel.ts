import { type CommandDefinition, printResult } from '../command.js';
import { createWorkflowCalls } from '../http/workflow-calls.js';

/** `convox workflows cancel` */
export const workflowsCancel: CommandDefinition = {
  words: '<job>',
  summary: 'cancel what a workflow started, as long as it waits or builds, and its builds',
  options: [],
  examples: ['workflows cancel JABCDEFGHIJ'],
  run: async (call) => {
    const [job = ''] = call.words;
    call.output.start(`Cancelling job ${job}`);
    await createWorkflowCalls(call.rack().connection).cancelJob(job);
    call.output.ok();
    printResult(call, { json: { id: job }, text: '' });
  },
};
