import type { CommandDefinition } from './command.js';

/** A command before it is loaded: only the one that is called costs its start. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandDefinition>;
}

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  { name: 'apps', summary: 'list apps', load: async () => (await import('./commands/apps.js')).apps },
  {
    name: 'apps create',
    summary: 'create an app',
    load: async () => (await import('./commands/apps-create.js')).appsCreate,
  },
  {
    name: 'apps delete',
    summary: 'delete an app',
    load: async () => (await import('./commands/apps-delete.js')).appsDelete,
  },
  { name: 'apps info', summary: 'show an app', load: async () => (await import('./commands/apps-info.js')).appsInfo },
  {
    name: 'build',
    summary: 'build a folder or a git repository',
    load: async () => (await import('./commands/build.js')).build,
  },
  { name: 'builds', summary: 'list builds', load: async () => (await import('./commands/builds.js')).builds },
  {
    name: 'builds cancel',
    summary: 'cancel a build',
    load: async () => (await import('./commands/builds-cancel.js')).buildsCancel,
  },
  {
    name: 'builds info',
    summary: 'show a build',
    load: async () => (await import('./commands/builds-info.js')).buildsInfo,
  },
  {
    name: 'builds logs',
    summary: 'show or follow the log of a build',
    load: async () => (await import('./commands/builds-logs.js')).buildsLogs,
  },
  {
    name: 'deploy',
    summary: 'build a folder and promote the release',
    load: async () => (await import('./commands/deploy.js')).deploy,
  },
  { name: 'env', summary: 'list the environment', load: async () => (await import('./commands/env.js')).env },
  { name: 'env get', summary: 'show one variable', load: async () => (await import('./commands/env-get.js')).envGet },
  { name: 'env set', summary: 'set variables', load: async () => (await import('./commands/env-set.js')).envSet },
  {
    name: 'env unset',
    summary: 'remove variables',
    load: async () => (await import('./commands/env-unset.js')).envUnset,
  },
  {
    name: 'git-credentials',
    summary: 'list what lets builds in at git servers',
    load: async () => (await import('./commands/git-credentials.js')).gitCredentials,
  },
  {
    name: 'git-credentials add',
    summary: 'give builds a token or an ssh key',
    load: async () => (await import('./commands/git-credentials-add.js')).gitCredentialsAdd,
  },
  {
    name: 'git-credentials remove',
    summary: 'take it away',
    load: async () => (await import('./commands/git-credentials-remove.js')).gitCredentialsRemove,
  },
  {
    name: 'git-hosts',
    summary: 'list pinned ssh servers',
    load: async () => (await import('./commands/git-hosts.js')).gitHosts,
  },
  {
    name: 'git-hosts add',
    summary: 'pin the keys of an ssh server',
    load: async () => (await import('./commands/git-hosts-add.js')).gitHostsAdd,
  },
  {
    name: 'git-hosts remove',
    summary: 'believe an ssh server no more',
    load: async () => (await import('./commands/git-hosts-remove.js')).gitHostsRemove,
  },
  { name: 'rack', summary: 'show the rack', load: async () => (await import('./commands/rack.js')).rack },
  { name: 'releases', summary: 'list releases', load: async () => (await import('./commands/releases.js')).releases },
  {
    name: 'releases info',
    summary: 'show a release',
    load: async () => (await import('./commands/releases-info.js')).releasesInfo,
  },
  {
    name: 'releases promote',
    summary: 'make a release the active one',
    load: async () => (await import('./commands/releases-promote.js')).releasesPromote,
  },
  {
    name: 'version',
    summary: 'show the versions of command and rack',
    load: async () => (await import('./commands/version.js')).version,
  },
  {
    name: 'webhooks',
    summary: 'list who is told of events',
    load: async () => (await import('./commands/webhooks.js')).webhooks,
  },
  {
    name: 'webhooks create',
    summary: 'have a URL told of events',
    load: async () => (await import('./commands/webhooks-create.js')).webhooksCreate,
  },
  {
    name: 'webhooks delete',
    summary: 'tell a URL nothing any more',
    load: async () => (await import('./commands/webhooks-delete.js')).webhooksDelete,
  },
  {
    name: 'webhooks deliveries',
    summary: 'list what was sent to a webhook',
    load: async () => (await import('./commands/webhooks-deliveries.js')).webhooksDeliveries,
  },
  {
    name: 'webhooks redeliver',
    summary: 'send a delivery once more',
    load: async () => (await import('./commands/webhooks-redeliver.js')).webhooksRedeliver,
  },
];
