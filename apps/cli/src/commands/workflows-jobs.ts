import { type CommandDefinition, LIMIT_OPTION, printTable, WATCH_OPTION } from '../command.js';
import { createWorkflowCalls, type WorkflowJob } from '../http/workflow-calls.js';
import { limitOption } from '../options/limit-option.js';
import { repeatList } from '../options/repeat-list.js';
import { formatAgo } from '../terminal/format-time.js';

const HEADINGS = ['ID', 'WORKFLOW', 'OF', 'COMMIT', 'STATE', 'BUILDS', 'CREATED', 'TITLE'];
const SHORT_ID_LENGTH = 10;

function rowOf(job: WorkflowJob): readonly string[] {
  const { id, workflow, subject, commit, state, builds, created, title, reason } = job;
  const ref = subject.replace(/^refs\/(?:heads|tags)\//, '');
  const told = [title, reason].filter((text) => text !== '').join(': ');
  return [id, workflow, ref, commit.slice(0, SHORT_ID_LENGTH), state, builds.join(','), formatAgo(created), told];
}

/** `convox workflows jobs` */
export const workflowsJobs: CommandDefinition = {
  words: '[id]',
  summary: 'list what workflows started, newest first',
  options: [LIMIT_OPTION, WATCH_OPTION],
  examples: ['workflows jobs', 'workflows jobs FABCDEFGHIJ --limit 50'],
  run: async (call) => {
    const [workflow] = call.words;
    const query = { ...limitOption(call), ...(workflow === undefined ? {} : { workflow }) };
    await repeatList(call, async () => {
      const list = await createWorkflowCalls(call.rack().connection).listJobs(query);
      printTable(call, { json: list.map(({ json }) => json), headings: HEADINGS, rows: list.map(rowOf) });
    });
  },
};
