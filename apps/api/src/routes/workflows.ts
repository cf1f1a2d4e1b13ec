import {
  createWorkflowSchema,
  listWorkflowsSchema,
  runWorkflowSchema,
  updateWorkflowSchema,
  workflowWebhookSchema,
} from '@convox-builds/api-contract';
import { parseGitUrl } from '@convox-builds/domain';
import type { WorkflowRecord } from '@convox-builds/store';

import type { ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';
import { HttpError } from '../http/http-error.js';
import { pathParameter } from '../http/path-parameter.js';
import { readInput } from '../http/read-input.js';
import { presentJob, presentWorkflow } from '../presenters/present-workflow.js';
import { planJob } from '../workflows/plan-job.js';
import { createWorkflow, updateWorkflow } from './create-workflow.js';
import { getHookOf, getWorkflow } from './get-workflow.js';
import { openWebhook } from './open-webhook.js';

/** Workflows: list, create, get, change, delete, run by hand, and where their webhooks come in. */
export function addWorkflowRoutes(router: ApiRouter, parts: ApiParts): void {
  const { store } = parts;
  const present = async (workflow: WorkflowRecord) => presentWorkflow(workflow, await getHookOf(parts, workflow));

  router.get('/workflows', async (ctx) => {
    const { app } = await readInput(ctx, listWorkflowsSchema);
    answerJson(ctx, await Promise.all((await store.workflows.list(app)).map(present)));
  });

  router.post('/workflows', async (ctx) => {
    const input = await readInput(ctx, createWorkflowSchema);
    answerJson(ctx, await present(await createWorkflow(parts, input)));
  });

  router.get('/workflows/:id', async (ctx) => {
    answerJson(ctx, await present(await getWorkflow(parts, pathParameter(ctx, 'id'))));
  });

  router.put('/workflows/:id', async (ctx) => {
    const workflow = await getWorkflow(parts, pathParameter(ctx, 'id'));
    const input = await readInput(ctx, updateWorkflowSchema);
    answerJson(ctx, await present(await updateWorkflow(parts, workflow, input)));
  });

  router.delete('/workflows/:id', async (ctx) => {
    const { id } = await getWorkflow(parts, pathParameter(ctx, 'id'));
    await store.workflows.delete(id);
    answerOk(ctx);
  });

  router.post('/workflows/:id/run', async (ctx) => {
    const workflow = await getWorkflow(parts, pathParameter(ctx, 'id'));
    if (workflow.reviewApps)
      throw new HttpError(400, 'its apps are of pull requests: see "convox workflows redeliver"');
    const { branch, commit, title } = await readInput(ctx, runWorkflowSchema);
    const subject = branch === '' ? commit : `refs/heads/${branch}`;
    const plan = planJob(workflow, { ref: branch === '' ? commit : branch, commit, branch, title });
    // Better told now than by a job that fails.
    parseGitUrl(plan.source);
    answerJson(ctx, presentJob(await store.jobs.create(workflow, { subject, commit, title, plan })));
  });

  router.post('/workflows/:id/webhook', async (ctx) => {
    const workflow = await getWorkflow(parts, pathParameter(ctx, 'id'));
    const input = await readInput(ctx, workflowWebhookSchema);
    answerJson(ctx, await openWebhook(parts, await getHookOf(parts, workflow), input));
  });
}
