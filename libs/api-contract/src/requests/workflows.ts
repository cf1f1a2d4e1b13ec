import { isAppName, parseGitUrl } from '@convox-builds/domain';
import { FORGE_KINDS, isPattern } from '@convox-builds/forge';
import { z } from 'zod';

import type { BuildArgsFields } from '../build-args.js';
import { flag, limit, optionalFlag, text } from './fields.js';
import { manifestPath } from './manifest-path.js';
import { withBuildArgs } from './with-build-args.js';

const MAX_ARGS_LENGTH = 512 * 1024;
const MAX_PATTERNS = 100;
const MAX_APPS = 50;

const patterns = (what: string) =>
  text(30_000)
    .transform((lines) => lines.split('\n').map((line) => line.trim()))
    .transform((lines) => [...new Set(lines.filter((line) => line !== ''))])
    .refine((list) => list.length <= MAX_PATTERNS, `are more than ${MAX_PATTERNS} patterns`)
    .refine((list) => list.every(isPattern), 'has a line that is no pattern, such as main, release/* or !docs/**')
    .optional()
    .describe(`Patterns of ${what}, one a line`)
    .meta({ type: 'string' });

const appName = z.string('is required').refine(isAppName, 'is no name of an app');

const appList = text(10_000)
  .transform((list) => [...new Set(list.split(',').map((name) => name.trim()))])
  .refine((names) => names.length <= MAX_APPS, `are more than ${MAX_APPS} apps`)
  .refine((names) => names.every(isAppName), 'must be names of apps, separated by commas')
  .optional()
  .describe("The apps that are built, separated by commas; by default the workflow's own")
  .meta({ type: 'string' });

const workflowName = z
  .string('is required')
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 lower-case letters, digits and dashes');

/** Without a login: the app's git credentials serve it. */
const repositoryUrl = text(4096)
  .transform((value, context) => {
    const issue = (message: string) => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    try {
      const { source, login } = parseGitUrl(value);
      if (login !== undefined) return issue('must not hold a login: see "convox git-credentials add --help"');
      if (source.ref !== '' || source.subdir !== '') return issue('must be the address of a repository, without #');
      return source.remote;
    } catch (error) {
      return issue(error instanceof Error ? error.message : 'is no address of a repository');
    }
  })
  .meta({ type: 'string' });

/** A service and its command, as `convox run` takes them. */
const serviceCommand = (when: string) =>
  text(1000)
    .regex(/^(?:[a-z0-9][a-z0-9-]* +\S\P{Cc}*)?$/u, 'must be a service and its command, such as "web bin/migrate"')
    .optional()
    .describe(`What whoever deploys is told to run ${when} a promotion: a service and its command; empty for nothing`);

const changeable = {
  branches: patterns('branches: those that are pushed to, or those that a pull request is to go into'),
  tags: patterns('tags that are pushed'),
  paths: patterns('paths: a push that changes none of them starts nothing'),
  apps: appList,
  manifest: manifestPath.optional(),
  'build-args': text(MAX_ARGS_LENGTH).optional().describe('`KEY=VALUE` pairs, joined with commas'),
  'build-args-json': text(MAX_ARGS_LENGTH).optional().describe('JSON list of `KEY=VALUE` texts; it wins'),
  promote: z
    .enum(['automatic', 'manual'], 'must be automatic or manual')
    .optional()
    .describe('Whether the releases are promoted; by default those of pushes and of review apps are'),
  before: serviceCommand('before'),
  after: serviceCommand('after'),
  concurrency: z
    .enum(['queue', 'supersede'], 'must be queue or supersede')
    .optional()
    .describe('Whether a newer change waits for an older one of the same branch, or takes its place'),
  forks: optionalFlag.describe('Whether pull requests from other repositories are built'),
  'review-apps': optionalFlag.describe(
    'Whether a pull request gets an app of its own, `myapp-review-7`, which goes when it is closed',
  ),
  submodules: optionalFlag.describe('The submodules of the repository are fetched, too'),
  poll: optionalFlag.describe('The rack looks for pushes itself, because nobody sends webhooks'),
  enabled: optionalFlag,
};

/** What is not given of a workflow stays as it is. */
function withGivenBuildArgs<Form extends BuildArgsFields>(form: Form, context: z.RefinementCtx) {
  const areGiven = form['build-args'] !== undefined || form['build-args-json'] !== undefined;
  return areGiven ? withBuildArgs(form, context) : { ...form, buildArgs: undefined };
}

/** `POST /workflows`. */
export const createWorkflowSchema = z
  .object({
    app: appName,
    name: workflowName,
    repository: repositoryUrl.describe('The address that git clones, without a login'),
    forge: z
      .enum(FORGE_KINDS, `must be one of ${FORGE_KINDS.join(', ')}`)
      .optional()
      .describe('Who sends its webhooks; found out by the host for github.com, gitlab.com and bitbucket.org'),
    kind: z
      .enum(['deployment', 'review'], 'must be deployment or review')
      .default('deployment')
      .describe('Whether pushes are built, or pull requests'),
    ...changeable,
  })
  .transform(withGivenBuildArgs);

/** `PUT /workflows/{id}`: what is not given stays. */
export const updateWorkflowSchema = z
  .object({ name: workflowName.optional(), ...changeable })
  .transform(withGivenBuildArgs);

/** `GET /workflows`. */
export const listWorkflowsSchema = z.object({ app: appName.optional().describe('Only those of this app') });

/** `POST /workflows/{id}/run`. */
export const runWorkflowSchema = z.object({
  branch: text(255).default('').describe('The branch that is built'),
  commit: z
    .string()
    .regex(/^(?:[0-9a-f]{40})?$/, 'must be the full id of a commit, in lower case')
    .default('')
    .describe('The commit that is built, whatever the branch has become'),
  title: text(1000).default(''),
});

/** `POST /workflows/{id}/webhook`. */
export const workflowWebhookSchema = z.object({
  rotate: flag.describe('Makes a new secret; the one before holds for 24 hours, or until the next rotation'),
});

/** `GET /workflow-jobs` and `GET /workflow-deliveries`. */
export const listOfWorkflowSchema = z.object({
  workflow: text(100).optional().describe('Only those of this workflow'),
  limit,
});
