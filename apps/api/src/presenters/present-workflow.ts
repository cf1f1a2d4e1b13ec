import {
  formatTime,
  type WireWorkflow,
  type WireWorkflowDelivery,
  type WireWorkflowJob,
} from '@convox-builds/api-contract';
import type { ForgeEvent } from '@convox-builds/forge';
import type { HookRecord, JobRecord, ReceivedDelivery, WorkflowRecord } from '@convox-builds/store';

/** A workflow for the wire. Values of build arguments may be what not everybody has to see. */
export function presentWorkflow(workflow: WorkflowRecord, { kind: forge }: Pick<HookRecord, 'kind'>): WireWorkflow {
  const { id, app, name, kind, url, promote, concurrency, forks, enabled, options } = workflow;
  return {
    ...{ id, app, name, kind, forge },
    repository: url,
    branches: [...workflow.branches],
    tags: [...workflow.tags],
    paths: [...workflow.paths],
    apps: [...workflow.apps],
    manifest: options.manifest,
    'build-args': Object.keys(options.buildArgs),
    submodules: options.submodules,
    poll: options.poll ?? false,
    before: options.before ?? '',
    after: options.after ?? '',
    ...{ promote, concurrency, forks, enabled, 'review-apps': workflow.reviewApps },
    created: formatTime(workflow.createdAt),
  };
}

/** A job for the wire. */
export function presentJob(job: JobRecord): WireWorkflowJob {
  const { id, subject, commit, title, state, reason } = job;
  return {
    ...{ id, subject, commit, title, state, reason },
    workflow: job.workflowId,
    delivery: job.deliveryId ?? '',
    builds: job.builds.map(({ app, buildId }) => ({ app, build: buildId })),
    created: formatTime(job.createdAt),
    ended: formatTime(job.endedAt),
  };
}

function describe(event: ForgeEvent): string {
  switch (event.kind) {
    case 'push':
      return `push to ${event.ref.type} ${event.ref.name}`;
    case 'pull-request':
      return `pull request #${event.number} ${event.action}`;
    case 'ignored':
      return event.reason;
  }
}

/** A delivery for the wire. */
export function presentReceivedDelivery(delivery: ReceivedDelivery): WireWorkflowDelivery {
  const { id, state, events, outcomes } = delivery;
  return {
    ...{ id, state },
    'delivery-id': delivery.deliveryId,
    what: events.map(describe).join('; '),
    outcomes: outcomes.map((outcome) => ({ ...outcome })),
    created: formatTime(delivery.createdAt),
  };
}
