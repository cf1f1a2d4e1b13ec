import { type CommandDefinition, printResult } from '../command.js';
import { createWebhookCalls } from '../http/webhook-calls.js';

/** `convox webhooks redeliver` */
export const webhooksRedeliver: CommandDefinition = {
  words: '<id> <delivery>',
  summary: 'send a delivery once more, under the same id',
  options: [],
  examples: ['webhooks redeliver WABCDEFGHIJ 6f1c7a52-3c1e-4c1b-9d43-0a6c8e0f9d11'],
  run: async (call) => {
    const [id = '', delivery = ''] = call.words;
    call.output.start(`Sending ${delivery} again`);
    await createWebhookCalls(call.rack().connection).redeliver(id, delivery);
    call.output.ok();
    printResult(call, { json: { id: delivery, webhook: id }, text: '' });
  },
};
