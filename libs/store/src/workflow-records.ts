import type { ForgeEvent, ForgeKind } from '@convox-builds/forge';

/** What a workflow builds: pushes, or pull requests. */
export type WorkflowKind = 'deployment' | 'review';

/** How the builds of a workflow are made. */
interface WorkflowBuildOptions {
  /** Path of convox.yml in the source; `''` for convox.yml. */
  readonly manifest: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly submodules: boolean;
}

/**
 * What is to be run where a release is promoted, as `convox run` takes it: a service and its command; `''` for nothing. The rack itself
 * runs nothing: whoever deploys is told. Absent on what older racks have stored.
 */
interface PromotionCommands {
  readonly before?: string;
  readonly after?: string;
}

/** How the builds of a workflow are made and promoted, and how changes of its repository are noticed. */
export interface WorkflowOptions extends WorkflowBuildOptions, PromotionCommands {
  /** Whether its repository is looked at again and again, because nobody sends webhooks of it. */
  readonly poll?: boolean;
}

/** A workflow, as stored: what is built and promoted when a repository changes. */
export interface WorkflowRecord {
  readonly id: string;
  /** Where the webhooks of its repository come in. */
  readonly hookId: string;
  readonly app: string;
  /** Of the app's own choice, once for each app. */
  readonly name: string;
  readonly kind: WorkflowKind;
  /** The address that is built, without a login and without `#ref`. */
  readonly url: string;
  /** Patterns of branches: of those that are pushed to, or of those that a pull request is to go into. */
  readonly branches: readonly string[];
  /** Patterns of tags. */
  readonly tags: readonly string[];
  /** Patterns of changed paths; empty: any. */
  readonly paths: readonly string[];
  /** The apps that are built; usually its own. */
  readonly apps: readonly string[];
  readonly options: WorkflowOptions;
  readonly promote: 'automatic' | 'manual';
  /** Whether a newer change of the same branch waits for the older one, or takes its place. */
  readonly concurrency: 'queue' | 'supersede';
  /** Whether pull requests from other repositories are built. */
  readonly forks: boolean;
  /** Whether each pull request gets an app of its own for each of the apps, as long as it is open. */
  readonly reviewApps: boolean;
  readonly enabled: boolean;
  readonly createdAt: Date;
}

/** Where the webhooks of one repository come in, as stored. */
export interface HookRecord {
  readonly id: string;
  readonly kind: ForgeKind;
  /** With the port, unless it is the usual one. */
  readonly host: string;
  /** `owner/name`, in lower case. */
  readonly repository: string;
  /** Sealed for {@link hookPlace}; `''` before somebody asked for it. */
  readonly secret: string;
  /** The one before, which still holds for a while; `''` for none. */
  readonly previousSecret: string;
}

/** What became of a delivery with one workflow, or with none. */
export interface DeliveryOutcome {
  /** `''`: it was not for any. */
  readonly workflow: string;
  /** The job that it started; `''` for none. */
  readonly job: string;
  /** Why it started none. */
  readonly reason: string;
}

/** Something that a repository told of, as stored. */
export interface ReceivedDelivery {
  readonly id: string;
  readonly hookId: string;
  /** As its sender calls it; the same is never taken twice. */
  readonly deliveryId: string;
  readonly events: readonly ForgeEvent[];
  /** `pending`: nobody has looked at it yet. */
  readonly state: 'pending' | 'ended';
  /** 1, and one more each time that somebody wants it to be looked at again. */
  readonly run: number;
  readonly outcomes: readonly DeliveryOutcome[];
  readonly createdAt: Date;
}

/** What a job builds, as it was when the job was made: a workflow that is changed later changes no job. */
export interface JobPlan extends WorkflowBuildOptions, PromotionCommands {
  /** Address and `#ref`. */
  readonly source: string;
  /** Full id, or `''`: what the ref is when it is fetched. */
  readonly commit: string;
  readonly branch: string;
  readonly description: string;
  readonly pullRequest: number | null;
  readonly promote: 'automatic' | 'manual';
}

/** How far a job has come; the last three are final. */
export type JobState = 'waiting' | 'building' | 'promoting' | 'complete' | 'failed' | 'cancelled';

/** A build of a job. */
export interface JobBuild {
  readonly app: string;
  /** `''` before it was created. */
  readonly buildId: string;
}

/** What a workflow started, as stored. */
export interface JobRecord {
  readonly id: string;
  readonly workflowId: string;
  /** `null`: a person started it, or the delivery is forgotten. */
  readonly deliveryId: string | null;
  /** What it is of: `refs/heads/main`, `refs/tags/v1`, `#7`. Jobs of one workflow and subject go one after the other. */
  readonly subject: string;
  readonly commit: string;
  /** First line of the commit's message, or of the pull request's title. */
  readonly title: string;
  readonly plan: JobPlan;
  readonly state: JobState;
  readonly reason: string;
  readonly builds: readonly JobBuild[];
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** Where a hook's secrets stand in the database, for their seal. */
export const hookPlace = (hookId: string) => `workflow-hooks/${hookId}`;
