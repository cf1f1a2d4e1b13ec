import { type CommandDefinition, LIMIT_OPTION, printTable, WATCH_OPTION } from '../command.js';
import { createWebhookCalls, type Delivery } from '../http/webhook-calls.js';
import { limitOption } from '../options/limit-option.js';
import { repeatList } from '../options/repeat-list.js';
import { formatAgo } from '../terminal/format-time.js';

const HEADINGS = ['ID', 'EVENT', 'APP', 'STATE', 'TRIES', 'STATUS', 'TOOK', 'CREATED', 'ANSWER'];

function rowOf(delivery: Delivery): readonly string[] {
  const { id, event, app, state, tries, answerStatus, durationMs, reason, answer, created } = delivery;
  const status = answerStatus === 0 ? '' : String(answerStatus);
  const took = durationMs === 0 ? '' : `${durationMs}ms`;
  const said = [reason, answer].filter((text) => text !== '').join(': ');
  return [id, event, app, state, String(tries), status, took, formatAgo(created), said];
}

/** `convox webhooks deliveries` */
export const webhooksDeliveries: CommandDefinition = {
  words: '<id>',
  summary: 'list what was sent to a webhook, newest first, and what it answered',
  options: [LIMIT_OPTION, WATCH_OPTION],
  examples: ['webhooks deliveries WABCDEFGHIJ', 'webhooks deliveries WABCDEFGHIJ --limit 50'],
  run: async (call) => {
    const query = limitOption(call);
    const [id = ''] = call.words;
    await repeatList(call, async () => {
      const list = await createWebhookCalls(call.rack().connection).listDeliveries(id, query);
      printTable(call, { json: list.map(({ json }) => json), headings: HEADINGS, rows: list.map(rowOf) });
    });
  },
};
