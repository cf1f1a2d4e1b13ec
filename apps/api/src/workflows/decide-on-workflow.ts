import {
  type ForgeEvent,
  matchesPaths,
  matchesPattern,
  type PullRequestEvent,
  type PushEvent,
  skipsBuilds,
} from '@convox-builds/forge';
import type { WorkflowDecision, WorkflowRecord } from '@convox-builds/store';

import { firstLine, planJob } from './plan-job.js';

const ignore = (reason: string): WorkflowDecision => ({ ignore: reason });
const DISABLED = ignore('the workflow is disabled');

/** No list of patterns stands for no ref here: a workflow of branches alone is not one of all tags. */
const matchesRef = (patterns: readonly string[], name: string) => patterns.length > 0 && matchesPattern(patterns, name);

function decideOnPush(workflow: WorkflowRecord, { ref, head, changedPaths }: PushEvent): WorkflowDecision {
  const patterns = ref.type === 'branch' ? workflow.branches : workflow.tags;
  if (!workflow.enabled) return DISABLED;
  if (!matchesRef(patterns, ref.name)) return ignore(`${ref.type} ${ref.name} is not one of its own`);
  if (head === undefined) return ignore(`${ref.type} ${ref.name} was deleted`);
  if (skipsBuilds(head.message)) return ignore('the commit asks not to be built');
  if (!matchesPaths(workflow.paths, changedPaths)) return ignore('none of its paths was changed');
  const subject = `refs/${ref.type === 'branch' ? 'heads' : 'tags'}/${ref.name}`;
  const branch = ref.type === 'branch' ? ref.name : '';
  const title = firstLine(head.message);
  return {
    start: {
      subject,
      commit: head.id,
      title,
      plan: planJob(workflow, { ref: head.id, commit: head.id, branch, title }),
    },
  };
}

/** Where forges keep the commits of a pull request that are not in the repository itself; Bitbucket keeps them nowhere. */
const REQUEST_REFS = {
  github: (number: number) => `refs/pull/${number}/head`,
  gitea: (number: number) => `refs/pull/${number}/head`,
  gitlab: (number: number) => `refs/merge-requests/${number}/head`,
};

/** How a forge is, for a workflow whose pull requests may come from other repositories. */
export type RequestRefs = (number: number) => string | undefined;

/** Knows where a forge keeps the commits of pull requests. */
export function requestRefsOf(kind: string): RequestRefs {
  return Object.entries(REQUEST_REFS).find(([name]) => name === kind)?.[1] ?? (() => undefined);
}

function decideOnRequest(workflow: WorkflowRecord, event: PullRequestEvent, refOf: RequestRefs): WorkflowDecision {
  const { action, number, title, head, isFromFork, sourceBranch, targetBranch } = event;
  const subject = `#${number}`;
  // Also of a workflow that was disabled since.
  if (action === 'closed') return { cancel: subject, reason: `pull request ${subject} was closed` };
  if (!workflow.enabled) return DISABLED;
  if (!matchesRef(workflow.branches, targetBranch)) return ignore(`branch ${targetBranch} is not one of its own`);
  if (isFromFork && !workflow.forks) return ignore('pull requests from other repositories are not built');
  if (skipsBuilds(head.message)) return ignore('the commit asks not to be built');
  const ref = isFromFork ? refOf(number) : head.id;
  if (ref === undefined) return ignore('this forge keeps no commits of other repositories');
  // The branch of a fork may have any name, also one of ours.
  const branch = isFromFork ? '' : sourceBranch;
  const plan = planJob(workflow, { ref, commit: head.id, branch, title, pullRequest: number });
  const review = workflow.reviewApps ? { review: { number, isFromFork } } : {};
  return { start: { subject, commit: head.id, title: firstLine(title), plan, ...review } };
}

/** Decides what an event is to a workflow of its repository. */
export function decideOnWorkflow(workflow: WorkflowRecord, event: ForgeEvent, refOf: RequestRefs): WorkflowDecision {
  switch (event.kind) {
    case 'ignored':
      return ignore(event.reason);
    case 'push':
      return workflow.kind === 'deployment' ? decideOnPush(workflow, event) : ignore('it is of pull requests');
    case 'pull-request':
      return workflow.kind === 'review' ? decideOnRequest(workflow, event, refOf) : ignore('it is of pushes');
  }
}
