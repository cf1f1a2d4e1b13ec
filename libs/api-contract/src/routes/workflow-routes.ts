import {
  createWorkflowSchema,
  listOfWorkflowSchema,
  listWorkflowsSchema,
  runWorkflowSchema,
  updateWorkflowSchema,
  workflowWebhookSchema,
} from '../requests/workflows.js';
import type { Route } from './route.js';

const workflow404 = { 404: 'workflow not found: FABCDEFGHIJ' };
const taken = { 409: 'app myapp has a workflow main already' };

const HOOK_DESCRIPTION = `The body is what the forge sends, up to 25 MB, signed with the secret of the hook. What was taken is answered with
202 before anything is built; a delivery that comes again starts nothing.`;

/** Workflows, what starts them and what they started. */
export const workflowRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/workflows',
    summary: 'List the workflows',
    input: listWorkflowsSchema,
    answer: { kind: 'list', of: 'Workflow' },
  },
  {
    method: 'POST',
    path: '/workflows',
    summary: 'Create a workflow',
    input: createWorkflowSchema,
    example: { app: 'myapp', name: 'main', repository: 'https://github.com/team/shop.git' },
    answer: { kind: 'object', of: 'Workflow' },
    errors: { 404: 'app not found: myapp', ...taken },
  },
  {
    method: 'GET',
    path: '/workflows/{id}',
    summary: 'Get a workflow',
    answer: { kind: 'object', of: 'Workflow' },
    errors: workflow404,
  },
  {
    method: 'PUT',
    path: '/workflows/{id}',
    summary: 'Change a workflow; what is not given stays',
    input: updateWorkflowSchema,
    answer: { kind: 'object', of: 'Workflow' },
    errors: { ...workflow404, ...taken },
  },
  {
    method: 'DELETE',
    path: '/workflows/{id}',
    summary: 'Delete a workflow with its jobs; what they build goes on',
    answer: { kind: 'ok' },
    errors: workflow404,
  },
  {
    method: 'POST',
    path: '/workflows/{id}/run',
    summary: 'Run a workflow by hand',
    input: runWorkflowSchema,
    answer: { kind: 'object', of: 'WorkflowJob' },
    errors: workflow404,
  },
  {
    method: 'POST',
    path: '/workflows/{id}/webhook',
    summary: 'Tell where its webhooks come in; the secret is in the answer that makes it, and in no other one',
    input: workflowWebhookSchema,
    answer: { kind: 'object', of: 'WorkflowWebhook' },
    errors: workflow404,
  },
  {
    method: 'GET',
    path: '/workflow-jobs',
    summary: 'List what workflows started, the newest first',
    input: listOfWorkflowSchema,
    answer: { kind: 'list', of: 'WorkflowJob' },
    errors: workflow404,
  },
  {
    method: 'POST',
    path: '/workflow-jobs/{job}/cancel',
    summary: 'Cancel a job that waits or builds, and its builds',
    answer: { kind: 'ok' },
    errors: { 404: 'job not found: JABCDEFGHIJ', 409: 'job JABCDEFGHIJ is neither waiting nor building' },
  },
  {
    method: 'GET',
    path: '/workflow-deliveries',
    summary: 'List what repositories told of, the newest first',
    input: listOfWorkflowSchema,
    answer: { kind: 'list', of: 'WorkflowDelivery' },
    errors: workflow404,
  },
  {
    method: 'POST',
    path: '/workflow-deliveries/{delivery}/redeliver',
    summary: 'Look at a delivery again, as if it came now',
    answer: { kind: 'ok' },
    errors: { 404: 'delivery not found: 00000000-0000-0000-0000-000000000000' },
  },
  {
    method: 'POST',
    path: '/hooks/{hook}',
    summary: "Take a repository's webhook",
    description: HOOK_DESCRIPTION,
    access: 'anybody',
    body: 'What the forge sends',
    answer: { kind: 'ok' },
    errors: {
      401: 'the signature of the webhook is missing or wrong',
      404: 'hook not found: HABCDEFGHIJ',
      413: 'the webhook is larger than 26214400 bytes',
      503: 'the rack takes too many large webhooks at once, send it again in a moment',
    },
  },
];
