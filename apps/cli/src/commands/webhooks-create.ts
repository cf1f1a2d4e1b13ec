import { type CommandDefinition, printRows } from '../command.js';
import { createWebhookCalls } from '../http/webhook-calls.js';
import { presentOptions } from '../options/present-options.js';

/** `convox webhooks create` */
export const webhooksCreate: CommandDefinition = {
  words: '<url>',
  summary: 'have a URL told of events; the secret of its signatures is shown once',
  options: [
    {
      flags: '--events <names>',
      description: 'build:create, release:create, release:promote, app:delete (default all)',
    },
    { flags: '-a, --app <name>', description: 'events of this app only (default all apps)' },
    { flags: '--format <name>', description: 'convox, or slack for a text (default convox)' },
  ],
  examples: [
    'webhooks create https://example.com/convox',
    'webhooks create https://example.com/convox --events build:create,release:promote -a shop',
    'webhooks create https://hooks.slack.com/services/T/B/X --format slack',
  ],
  run: async (call) => {
    const [url = ''] = call.words;
    call.output.start('Creating webhook');
    const form = { url, ...presentOptions(call, ['events', 'app', 'format']) };
    const webhook = await createWebhookCalls(call.rack().connection).create(form);
    call.output.ok(webhook.id);
    printRows(call, { json: webhook.json, rows: [['Secret', webhook.secret]] });
  },
};
