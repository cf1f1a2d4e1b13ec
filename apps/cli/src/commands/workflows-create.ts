import { APP_OPTION, type CommandDefinition, printResult } from '../command.js';
import { createWorkflowCalls } from '../http/workflow-calls.js';
import { presentOptions } from '../options/present-options.js';
import { WORKFLOW_OPTIONS, workflowForm } from '../options/workflow-options.js';

/** `convox workflows create` */
export const workflowsCreate: CommandDefinition = {
  words: '<repository>',
  summary: 'build and promote an app by itself when its repository changes',
  options: [
    APP_OPTION,
    { flags: '--name <name>', description: 'name of the workflow (default main)' },
    { flags: '--kind <kind>', description: 'deployment: pushes, or review: pull requests (default deployment)' },
    {
      flags: '--forge <kind>',
      description: 'github, gitlab, bitbucket, gitea or generic (known for github.com and the like)',
    },
    ...WORKFLOW_OPTIONS,
  ],
  examples: [
    'workflows create https://github.com/team/shop.git -a shop',
    "workflows create git@github.com:team/shop.git -a shop --name staging --branch 'release/*' --promote manual",
    "workflows create https://git.example.org/team/mono.git -a web --forge gitea --path 'web/**'",
    'workflows create https://github.com/team/shop.git -a shop --name reviews --kind review --review-apps true',
  ],
  run: async (call) => {
    const [repository = ''] = call.words;
    const { output } = call;
    const form = { name: 'main', ...presentOptions(call, ['name', 'kind', 'forge']), ...workflowForm(call) };
    output.start('Creating workflow');
    const calls = createWorkflowCalls(call.rack().connection);
    const workflow = await calls.create({ app: call.appName(), repository, ...form });
    output.ok(workflow.id);
    output.line(`Let the forge tell of changes: convox workflows webhook ${workflow.id}`);
    printResult(call, { json: workflow.json, text: '' });
  },
};
