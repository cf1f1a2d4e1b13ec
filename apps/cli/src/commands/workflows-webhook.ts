import { type CommandDefinition, printRows } from '../command.js';
import { createWorkflowCalls } from '../http/workflow-calls.js';

/** `convox workflows webhook` */
export const workflowsWebhook: CommandDefinition = {
  words: '<id>',
  summary: "show where the forge sends the repository's webhooks, and once the secret",
  options: [
    { flags: '--rotate', description: 'make a new secret; the old one holds for 24 hours, or until the next rotation' },
  ],
  examples: ['workflows webhook FABCDEFGHIJ', 'workflows webhook FABCDEFGHIJ --rotate'],
  run: async (call) => {
    const [id = ''] = call.words;
    const { connection } = call.rack();
    const form: Readonly<Record<string, string>> = call.flag('rotate') ? { rotate: 'true' } : {};
    const webhook = await createWorkflowCalls(connection).openWebhook(id, form);
    const url = `${connection.address.baseUrl}${webhook.path}`;
    const secret = webhook.secret === '' ? 'shown before; --rotate makes a new one' : webhook.secret;
    printRows(call, {
      json: { ...webhook.json, url },
      rows: [
        ['Forge', webhook.forge],
        ['URL', url],
        ['Secret', secret],
      ],
    });
  },
};
