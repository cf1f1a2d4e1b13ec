import type { CommandDefinition } from './command.js';

/** A command before it is loaded: only the one that is called costs its start. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandDefinition>;
}

/** Commands that the help shows under one title. */
export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly CommandEntry[];
}

/** A file of `commands/` exports its command and nothing else. */
type CommandModule = Readonly<Record<string, CommandDefinition>>;

function entry(name: string, summary: string, importModule: () => Promise<CommandModule>): CommandEntry {
  const load = async () => {
    const [definition] = Object.values(await importModule());
    if (definition === undefined) throw new Error(`command "${name}" has no definition`);
    return definition;
  };
  return { name, summary, load };
}

/** Every command, in the order of the help. */
export const COMMAND_GROUPS: readonly CommandGroup[] = [
  {
    title: 'Build',
    commands: [
      entry('build', 'build a folder or a git repository', () => import('./commands/build.js')),
      entry('deploy', 'build a folder and promote the release', () => import('./commands/deploy.js')),
      entry('builds', 'list builds', () => import('./commands/builds.js')),
      entry('builds attach', 'follow a build to its end', () => import('./commands/builds-attach.js')),
      entry('builds cancel', 'cancel builds', () => import('./commands/builds-cancel.js')),
      entry('builds prune', 'delete old builds', () => import('./commands/builds-prune.js')),
      entry('builds export', 'write a build to an archive', () => import('./commands/builds-export.js')),
      entry('builds import', 'create a build from an archive', () => import('./commands/builds-import.js')),
      entry('builds import-image', 'create a build from an image', () => import('./commands/builds-import-image.js')),
      entry('builds info', 'show a build', () => import('./commands/builds-info.js')),
      entry('builds logs', 'show or follow the log of a build', () => import('./commands/builds-logs.js')),
      entry('builds wait', 'wait for the end of a build', () => import('./commands/builds-wait.js')),
      entry('cache reset', 'build anew without what was kept', () => import('./commands/cache-reset.js')),
    ],
  },
  {
    title: 'Release',
    commands: [
      entry('releases', 'list releases', () => import('./commands/releases.js')),
      entry(
        'releases create-from',
        'combine the build and the environment of releases',
        () => import('./commands/releases-create-from.js'),
      ),
      entry('releases info', 'show a release', () => import('./commands/releases-info.js')),
      entry('releases manifest', 'show the convox.yml of a release', () => import('./commands/releases-manifest.js')),
      entry('releases promote', 'make a release the active one', () => import('./commands/releases-promote.js')),
      entry('releases rollback', 'go back to an earlier release', () => import('./commands/releases-rollback.js')),
    ],
  },
  {
    title: 'Environment',
    commands: [
      entry('env', 'list the environment', () => import('./commands/env.js')),
      entry('env edit', 'edit the environment in an editor', () => import('./commands/env-edit.js')),
      entry('env get', 'show one variable', () => import('./commands/env-get.js')),
      entry('env set', 'set variables', () => import('./commands/env-set.js')),
      entry('env unset', 'remove variables', () => import('./commands/env-unset.js')),
    ],
  },
  {
    title: 'Apps',
    commands: [
      entry('apps', 'list apps', () => import('./commands/apps.js')),
      entry('apps create', 'create an app', () => import('./commands/apps-create.js')),
      entry('apps delete', 'delete an app', () => import('./commands/apps-delete.js')),
      entry('apps info', 'show an app', () => import('./commands/apps-info.js')),
      entry('apps lock', 'protect an app from deletion', () => import('./commands/apps-lock.js')),
      entry('apps params', 'list the parameters of an app', () => import('./commands/apps-params.js')),
      entry('apps params set', 'set parameters of an app', () => import('./commands/apps-params-set.js')),
      entry('apps unlock', 'allow an app to be deleted', () => import('./commands/apps-unlock.js')),
    ],
  },
  {
    title: 'Racks',
    commands: [
      entry('login', 'remember a rack and its password', () => import('./commands/login.js')),
      entry('logout', 'forget a rack and its password', () => import('./commands/logout.js')),
      entry('rack', 'show the rack', () => import('./commands/rack.js')),
      entry('rack doctor', 'say what is wrong with the rack', () => import('./commands/rack-doctor.js')),
      entry('rack usage', 'show what each app takes', () => import('./commands/rack-usage.js')),
      entry('racks', 'list racks', () => import('./commands/racks.js')),
      entry('switch', 'choose the rack that is used', () => import('./commands/switch.js')),
      entry(
        'git-credentials',
        'list what lets builds in at git servers',
        () => import('./commands/git-credentials.js'),
      ),
      entry(
        'git-credentials add',
        'give builds a token or an ssh key',
        () => import('./commands/git-credentials-add.js'),
      ),
      entry('git-credentials remove', 'take it away', () => import('./commands/git-credentials-remove.js')),
      entry('git-hosts', 'list pinned ssh servers', () => import('./commands/git-hosts.js')),
      entry('git-hosts add', 'pin the keys of an ssh server', () => import('./commands/git-hosts-add.js')),
      entry('git-hosts remove', 'believe an ssh server no more', () => import('./commands/git-hosts-remove.js')),
      entry('registries', 'list registries', () => import('./commands/registries.js')),
      entry('registries add', 'give the rack access to a registry', () => import('./commands/registries-add.js')),
      entry('registries remove', 'take the access to a registry away', () => import('./commands/registries-remove.js')),
    ],
  },
  {
    title: 'Workflows',
    commands: [
      entry('workflows', 'list what is built when repositories change', () => import('./commands/workflows.js')),
      entry('workflows create', 'build when a repository changes', () => import('./commands/workflows-create.js')),
      entry('workflows info', 'show a workflow', () => import('./commands/workflows-info.js')),
      entry('workflows update', 'change a workflow', () => import('./commands/workflows-update.js')),
      entry('workflows delete', 'delete a workflow', () => import('./commands/workflows-delete.js')),
      entry('workflows enable', 'build what a workflow is told of', () => import('./commands/workflows-enable.js')),
      entry('workflows disable', 'start nothing by a workflow', () => import('./commands/workflows-disable.js')),
      entry('workflows run', 'do what a workflow does, now', () => import('./commands/workflows-run.js')),
      entry('workflows webhook', 'show where webhooks come in', () => import('./commands/workflows-webhook.js')),
      entry('workflows jobs', 'list what workflows started', () => import('./commands/workflows-jobs.js')),
      entry('workflows cancel', 'cancel what a workflow started', () => import('./commands/workflows-cancel.js')),
      entry('workflows deliveries', 'list what was told', () => import('./commands/workflows-deliveries.js')),
      entry('workflows redeliver', 'look at a delivery again', () => import('./commands/workflows-redeliver.js')),
    ],
  },
  {
    title: 'Webhooks and forges',
    commands: [
      entry('forges', 'list forges that are told of builds', () => import('./commands/forges.js')),
      entry('forges add', 'have a forge told of builds', () => import('./commands/forges-add.js')),
      entry('forges remove', 'tell a forge nothing any more', () => import('./commands/forges-remove.js')),
      entry('webhooks', 'list who is told of events', () => import('./commands/webhooks.js')),
      entry('webhooks create', 'have a URL told of events', () => import('./commands/webhooks-create.js')),
      entry('webhooks delete', 'tell a URL nothing any more', () => import('./commands/webhooks-delete.js')),
      entry(
        'webhooks deliveries',
        'list what was sent to a webhook',
        () => import('./commands/webhooks-deliveries.js'),
      ),
      entry('webhooks redeliver', 'send a delivery once more', () => import('./commands/webhooks-redeliver.js')),
    ],
  },
  {
    title: 'This command',
    commands: [
      entry('completion', 'print a completion script for a shell', () => import('./commands/completion.js')),
      entry('version', 'show the versions of command and rack', () => import('./commands/version.js')),
    ],
  },
];

/** Every command. */
export const COMMANDS: readonly CommandEntry[] = COMMAND_GROUPS.flatMap(({ commands }) => commands);
