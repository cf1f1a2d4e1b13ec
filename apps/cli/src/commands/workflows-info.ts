import { type CommandDefinition, printRows } from '../command.js';
import { createWorkflowCalls } from '../http/workflow-calls.js';

/** `convox workflows info` */
export const workflowsInfo: CommandDefinition = {
  words: '<id>',
  summary: 'show a workflow',
  options: [],
  examples: ['workflows info FABCDEFGHIJ'],
  run: async (call) => {
    const [id = ''] = call.words;
    const workflow = await createWorkflowCalls(call.rack().connection).get(id);
    const rows: readonly (readonly [string, string])[] = [
      ['Id', workflow.id],
      ['App', workflow.app],
      ['Name', workflow.name],
      ['Kind', workflow.kind],
      ['Forge', workflow.forge],
      ['Repository', workflow.repository],
      ['Branches', workflow.branches.join(' ')],
      ['Tags', workflow.tags.join(' ')],
      ['Paths', workflow.paths.join(' ')],
      ['Apps', workflow.apps.join(' ')],
      ['Promote', workflow.promote],
      ['Before', workflow.before],
      ['After', workflow.after],
      ['Concurrency', workflow.concurrency],
      ['Polled', workflow.isPolled ? 'yes' : ''],
      ['Review apps', workflow.hasReviewApps ? 'yes' : ''],
      ['State', workflow.isEnabled ? 'enabled' : 'disabled'],
    ];
    printRows(call, { json: workflow.json, rows: rows.filter(([, value]) => value !== '') });
  },
};
