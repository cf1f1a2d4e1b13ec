import { type CommandDefinition, printTable } from '../command.js';
import { createWorkflowCalls, type Workflow } from '../http/workflow-calls.js';
import { presentOptions } from '../options/present-options.js';

const HEADINGS = ['ID', 'APP', 'NAME', 'KIND', 'REFS', 'PROMOTE', 'STATE', 'REPOSITORY'];

function rowOf({ id, app, name, kind, branches, tags, promote, isEnabled, repository }: Workflow): readonly string[] {
  const refs = [...branches, ...tags].join(',');
  return [id, app, name, kind, refs, promote, isEnabled ? 'enabled' : 'disabled', repository];
}

/** `convox workflows` */
export const workflows: CommandDefinition = {
  summary: 'list what is built when repositories change',
  options: [{ flags: '-a, --app <name>', description: 'of this app only (default all apps)' }],
  examples: ['workflows', 'workflows -a shop'],
  run: async (call) => {
    const list = await createWorkflowCalls(call.rack().connection).list(presentOptions(call, ['app']));
    printTable(call, { json: list.map(({ json }) => json), headings: HEADINGS, rows: list.map(rowOf) });
  },
};
