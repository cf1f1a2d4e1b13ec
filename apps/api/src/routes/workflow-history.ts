import { listOfWorkflowSchema } from '@convox-builds/api-contract';

import type { ApiContext, ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';
import { HttpError, notFound } from '../http/http-error.js';
import { pathParameter } from '../http/path-parameter.js';
import { readInput } from '../http/read-input.js';
import { presentJob, presentReceivedDelivery } from '../presenters/present-workflow.js';
import { getJob, getWorkflow } from './get-workflow.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function readFilter(parts: ApiParts, ctx: ApiContext) {
  const { workflow: id, limit } = await readInput(ctx, listOfWorkflowSchema);
  return { workflow: id === undefined ? undefined : await getWorkflow(parts, id), limit };
}

/** What repositories told of, and what workflows started: list, look at again, cancel. */
export function addWorkflowHistoryRoutes(router: ApiRouter, parts: ApiParts): void {
  const { store } = parts;

  router.get('/workflow-jobs', async (ctx) => {
    const { workflow, limit } = await readFilter(parts, ctx);
    answerJson(ctx, (await store.jobs.list({ workflowId: workflow?.id, limit })).map(presentJob));
  });

  router.post('/workflow-jobs/:job/cancel', async (ctx) => {
    const job = await getJob(parts, pathParameter(ctx, 'job'));
    const isCancelled = await store.jobs.cancel(job.id, `cancelled by ${ctx.state.caller.name}`);
    if (!isCancelled) throw new HttpError(409, `job ${job.id} is neither waiting nor building`);
    answerOk(ctx);
  });

  router.get('/workflow-deliveries', async (ctx) => {
    const { workflow, limit } = await readFilter(parts, ctx);
    const deliveries = await store.receivedDeliveries.list({ hookId: workflow?.hookId, limit });
    answerJson(ctx, deliveries.map(presentReceivedDelivery));
  });

  router.post('/workflow-deliveries/:delivery/redeliver', async (ctx) => {
    const delivery = pathParameter(ctx, 'delivery');
    const isThere = UUID.test(delivery) && (await store.receivedDeliveries.repeat(delivery));
    if (!isThere) throw notFound('delivery', delivery);
    answerOk(ctx);
  });
}
