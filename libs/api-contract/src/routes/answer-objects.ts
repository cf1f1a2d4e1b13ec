import { z } from 'zod';

import { appSchema } from '../objects/app.js';
import { buildDetailsSchema, buildSchema, importedBuildSchema } from '../objects/build.js';
import { capacitySchema } from '../objects/capacity.js';
import { configSchema } from '../objects/config.js';
import { errorBodySchema } from '../objects/error-body.js';
import { wireFindingSchema } from '../objects/finding.js';
import { forgeSchema } from '../objects/forge.js';
import { gitCredentialSchema, gitHostSchema } from '../objects/git.js';
import { promotionSchema } from '../objects/promotion.js';
import { registrySchema } from '../objects/registry.js';
import { releaseSchema } from '../objects/release.js';
import { storedObjectSchema } from '../objects/stored-object.js';
import { systemSchema } from '../objects/system.js';
import { uploadPartSchema, uploadSchema } from '../objects/upload.js';
import { usageSchema } from '../objects/usage.js';
import { deliverySchema, webhookSchema } from '../objects/webhook.js';
import {
  workflowDeliverySchema,
  workflowJobSchema,
  workflowSchema,
  workflowWebhookObjectSchema,
} from '../objects/workflow.js';

/**
 * The objects of answers, by the names under which they are published. What the schemas leave open because other racks do
 * not send it is always there in ours.
 */
export const answerObjects = {
  App: appSchema,
  Build: buildSchema.required(),
  BuildDetails: buildDetailsSchema.required().partial({ queue: true }),
  ImportedBuild: importedBuildSchema.required(),
  Capacity: capacitySchema,
  Config: configSchema,
  Delivery: deliverySchema,
  Error: errorBodySchema,
  Finding: wireFindingSchema,
  Forge: forgeSchema,
  GitCredential: gitCredentialSchema,
  GitHost: gitHostSchema,
  /** The rack runs none. */
  Process: z.object({ id: z.string() }),
  Promotion: promotionSchema,
  Registry: registrySchema,
  Release: releaseSchema,
  StoredObject: storedObjectSchema,
  System: systemSchema,
  Usage: usageSchema,
  Upload: uploadSchema,
  UploadPart: uploadPartSchema,
  Webhook: webhookSchema,
  Workflow: workflowSchema,
  WorkflowDelivery: workflowDeliverySchema,
  WorkflowJob: workflowJobSchema,
  WorkflowWebhook: workflowWebhookObjectSchema,
} as const;

/** Name of an object of answers. */
export type AnswerObject = keyof typeof answerObjects;
