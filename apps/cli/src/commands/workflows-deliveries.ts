import { type CommandDefinition, LIMIT_OPTION, printTable, WATCH_OPTION } from '../command.js';
import { createWorkflowCalls, type WorkflowDelivery } from '../http/workflow-calls.js';
import { limitOption } from '../options/limit-option.js';
import { repeatList } from '../options/repeat-list.js';
import { formatAgo } from '../terminal/format-time.js';

const HEADINGS = ['ID', 'OF', 'CREATED', 'OUTCOME'];

const rowOf = ({ id, what, state, created, outcomes }: WorkflowDelivery) => [
  id,
  what,
  formatAgo(created),
  state === 'pending' ? 'pending' : outcomes.join('; '),
];

/** `convox workflows deliveries` */
export const workflowsDeliveries: CommandDefinition = {
  words: '[id]',
  summary: 'list what repositories told of, newest first, and what became of it',
  options: [LIMIT_OPTION, WATCH_OPTION],
  examples: ['workflows deliveries', 'workflows deliveries FABCDEFGHIJ --limit 50'],
  run: async (call) => {
    const [workflow] = call.words;
    const query = { ...limitOption(call), ...(workflow === undefined ? {} : { workflow }) };
    await repeatList(call, async () => {
      const list = await createWorkflowCalls(call.rack().connection).listDeliveries(query);
      printTable(call, { json: list.map(({ json }) => json), headings: HEADINGS, rows: list.map(rowOf) });
    });
  },
};
