import { z } from 'zod';

import { flagField, textField, timeField } from './fields.js';

/** A workflow on the wire. */
export const workflowSchema = z.object({
  id: z.string(),
  app: textField,
  name: textField,
  kind: textField.describe('`deployment` or `review`'),
  forge: textField.describe('Who sends its webhooks'),
  repository: textField.describe('The address that is built'),
  branches: z.array(z.string()),
  tags: z.array(z.string()),
  paths: z.array(z.string()),
  apps: z.array(z.string()),
  manifest: textField,
  'build-args': z.array(z.string()).describe('Names of the build arguments'),
  submodules: flagField,
  poll: flagField.describe('Whether the rack looks for pushes itself'),
  before: textField.describe('What is to be run before a promotion: a service and its command'),
  after: textField.describe('What is to be run after a promotion'),
  promote: textField.describe('`automatic` or `manual`'),
  concurrency: textField.describe('`queue` or `supersede`'),
  forks: flagField,
  'review-apps': flagField.describe('Whether a pull request gets an app of its own while it is open'),
  enabled: flagField,
  created: timeField,
});

/** A workflow on the wire. */
export type WireWorkflow = z.output<typeof workflowSchema>;

/** Where the webhooks of a workflow's repository come in, on the wire. */
export const workflowWebhookObjectSchema = z.object({
  id: z.string(),
  forge: textField,
  path: textField.describe("Behind the rack's address: `/hooks/H…`"),
  secret: textField.describe("The key of the signatures; `''` unless this answer made it"),
});

/** Where the webhooks of a workflow's repository come in, on the wire. */
export type WireWorkflowWebhook = z.output<typeof workflowWebhookObjectSchema>;

/** What a workflow started, on the wire. */
export const workflowJobSchema = z.object({
  id: z.string(),
  workflow: textField,
  delivery: textField.describe("`''` when a person started it"),
  subject: textField.describe('`refs/heads/main`, `refs/tags/v1`, or `#7`, a pull request'),
  commit: textField,
  title: textField,
  state: textField.describe('`waiting`, `building`, `promoting`, `complete`, `failed` or `cancelled`'),
  reason: textField,
  builds: z.array(z.object({ app: textField, build: textField.describe("`''` before it was created") })),
  created: timeField,
  ended: timeField,
});

/** What a workflow started, on the wire. */
export type WireWorkflowJob = z.output<typeof workflowJobSchema>;

/** What a repository told of, on the wire. */
export const workflowDeliverySchema = z.object({
  id: z.string(),
  'delivery-id': textField.describe('As its sender calls it'),
  what: textField.describe('What it told of, in a few words'),
  state: textField.describe('`pending` or `ended`'),
  outcomes: z.array(z.object({ workflow: textField, job: textField, reason: textField })),
  created: timeField,
});

/** What a repository told of, on the wire. */
export type WireWorkflowDelivery = z.output<typeof workflowDeliverySchema>;
