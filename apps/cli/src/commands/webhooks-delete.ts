import { type CommandDefinition, printResult } from '../command.js';
import { createWebhookCalls } from '../http/webhook-calls.js';

/** `convox webhooks delete` */
export const webhooksDelete: CommandDefinition = {
  words: '<id>',
  summary: 'tell a URL nothing any more, also not what is still to be delivered',
  options: [],
  examples: ['webhooks delete WABCDEFGHIJ'],
  run: async (call) => {
    const [id = ''] = call.words;
    call.output.start(`Deleting webhook ${id}`);
    await createWebhookCalls(call.rack().connection).delete(id);
    call.output.ok();
    printResult(call, { json: { id }, text: '' });
  },
};
