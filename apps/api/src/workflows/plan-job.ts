import type { JobPlan, WorkflowRecord } from '@convox-builds/store';

const MAX_TITLE_LENGTH = 200;
const SHORT_ID_LENGTH = 10;

/** The beginning of what somebody wrote, on one line. */
export function firstLine(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return line
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, MAX_TITLE_LENGTH);
}

/** What a job is to build. */
export interface JobSource {
  /** What is fetched. */
  readonly ref: string;
  /** What is built of it; `''`: what the ref is by then. */
  readonly commit: string;
  readonly branch: string;
  readonly title: string;
  readonly pullRequest?: number;
}

/** Plans a job of a workflow. Its description is that of any build from git: `build <commit> <subject>` without the word. */
export function planJob(workflow: WorkflowRecord, source: JobSource): JobPlan {
  const { ref, commit, branch, title, pullRequest = null } = source;
  const { manifest, buildArgs, submodules, before = '', after = '' } = workflow.options;
  return {
    ...{ manifest, buildArgs, submodules, before, after },
    source: ref === '' ? workflow.url : `${workflow.url}#${ref}`,
    commit,
    branch,
    description: `${commit.slice(0, SHORT_ID_LENGTH)} ${firstLine(title)}`.trim(),
    pullRequest,
    promote: workflow.promote,
  };
}
