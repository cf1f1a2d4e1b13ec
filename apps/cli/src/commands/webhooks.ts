import { type CommandDefinition, printTable } from '../command.js';
import { createWebhookCalls, type Webhook } from '../http/webhook-calls.js';

const HEADINGS = ['ID', 'APP', 'EVENTS', 'URL'];

const rowOf = ({ id, app, events, url }: Webhook) => [id, app === '' ? '(all)' : app, events.join(','), url];

/** `convox webhooks` */
export const webhooks: CommandDefinition = {
  summary: 'list who is told of events',
  options: [],
  examples: ['webhooks'],
  run: async (call) => {
    const list = await createWebhookCalls(call.rack().connection).list();
    printTable(call, { json: list.map(({ json }) => json), headings: HEADINGS, rows: list.map(rowOf) });
  },
};
