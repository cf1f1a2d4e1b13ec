import { createBuildSchema } from '@convox-builds/api-contract';
import type { HookRecord, JobPlan, JobRecord } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { createBuild } from '../builds/create-build.js';
import { HttpError } from '../http/http-error.js';

/** The request for a build, as a client would make it. */
function requestOf({ source, commit, branch, description, manifest, buildArgs, submodules }: JobPlan) {
  const pairs = Object.entries(buildArgs).map(([name, value]) => `${name}=${value}`);
  const { data, error } = createBuildSchema.safeParse({
    url: source,
    'git-sha': commit,
    'git-branch': branch,
    description,
    manifest,
    'build-args-json': JSON.stringify(pairs),
    submodules: String(submodules),
    lane: 'automatic',
  });
  if (data !== undefined) return data;
  throw new SyntaxError(error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()).join('; '));
}

async function startBuild(parts: ApiParts, job: JobRecord, { app, hook }: { app: string; hook: HookRecord }) {
  const build = await createBuild(parts, app, {
    input: requestOf(job.plan),
    key: `workflow-job-${job.id}`,
    traceparent: '',
    workflowJobId: job.id,
  });
  const { kind, host, repository } = hook;
  const { pullRequest } = job.plan;
  // A branch that a person wants has no commit yet, that a forge could be told of.
  if (job.commit !== '') {
    const what = { commit: job.commit, pullRequest, workflowId: job.workflowId };
    await parts.store.buildOrigins.record({ buildId: build.id, kind, host, repository, ...what });
  }
  parts.dispatcher.startSoon(build.id);
}

/** Why a build cannot be made, if it never can. */
function refusalFrom(error: unknown): string | undefined {
  const isRefused = error instanceof SyntaxError || (error instanceof HttpError && error.status < 500);
  return isRefused ? error.message : undefined;
}

/**
 * Creates the builds of a job, as a request of a client would. It may be done again after it was broken off: a build that is
 * there is the same one.
 */
export async function startJob(parts: ApiParts, job: JobRecord): Promise<void> {
  const { store } = parts;
  const workflow = await store.workflows.find(job.workflowId);
  const hook = workflow && (await store.hooks.find(workflow.hookId));
  if (hook === undefined) return;
  try {
    for (const { app } of job.builds) await startBuild(parts, job, { app, hook });
  } catch (error) {
    const refusal = refusalFrom(error);
    if (refusal === undefined) throw error;
    await store.jobs.end(job.id, 'failed', refusal);
    return;
  }
  await store.jobs.markBuilding(job.id);
}
