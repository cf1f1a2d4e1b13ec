import type { Knex } from 'knex';

import { insertedRow, webhookFromRow } from './rows.js';
import type { WebhookRecord } from './webhook-records.js';

/** A new webhook. */
export interface NewWebhook extends Omit<WebhookRecord, 'createdAt'> {
  /** The key of its signatures, sealed. */
  readonly sealedSecret: string;
}

/** The webhooks of a rack. */
export interface WebhookRepository {
  create(webhook: NewWebhook): Promise<WebhookRecord>;
  find(id: string): Promise<WebhookRecord | undefined>;
  /** All of them, the oldest first. */
  list(): Promise<WebhookRecord[]>;
  /** Deletes a webhook with its deliveries; `false` when there was none. */
  delete(id: string): Promise<boolean>;
}

/** Opens the webhooks of a database. */
export function createWebhookRepository(knex: Knex): WebhookRepository {
  return {
    create: async ({ id, url, app, events, format, sealedSecret }) => {
      const columns = { id, url, app, events: [...events], format, secret: sealedSecret };
      return webhookFromRow(insertedRow(await knex('webhooks').insert(columns).returning('*')));
    },
    find: async (id) => (await knex('webhooks').where({ id })).map(webhookFromRow).at(0),
    list: async () => (await knex('webhooks').orderBy(['created_at', 'id'])).map(webhookFromRow),
    delete: async (id) => (await knex('webhooks').where({ id }).delete()) > 0,
  };
}
