import { decodeList, decodeObject, type JsonObject, parseJson, textField, timeField } from './decode.js';
import type { RackConnection, RackRequest } from './rack-connection.js';
import { RackError } from './rack-error.js';

/** A workflow of a rack. */
export interface Workflow {
  readonly json: JsonObject;
  readonly id: string;
  readonly app: string;
  readonly name: string;
  readonly kind: string;
  readonly forge: string;
  readonly repository: string;
  readonly branches: readonly string[];
  readonly tags: readonly string[];
  readonly paths: readonly string[];
  readonly apps: readonly string[];
  readonly promote: string;
  readonly before: string;
  readonly after: string;
  readonly concurrency: string;
  readonly hasReviewApps: boolean;
  readonly isPolled: boolean;
  readonly isEnabled: boolean;
}

/** What a workflow started. */
export interface WorkflowJob {
  readonly json: JsonObject;
  readonly id: string;
  readonly workflow: string;
  readonly subject: string;
  readonly commit: string;
  readonly title: string;
  readonly state: string;
  readonly reason: string;
  /** Ids of its builds, as far as they are created. */
  readonly builds: readonly string[];
  readonly created: Date | undefined;
}

/** What a repository told of. */
export interface WorkflowDelivery {
  readonly json: JsonObject;
  readonly id: string;
  readonly what: string;
  readonly state: string;
  /** What became of it, in words. */
  readonly outcomes: readonly string[];
  readonly created: Date | undefined;
}

/** Where the webhooks of a workflow's repository come in. */
export interface WorkflowWebhook {
  readonly json: JsonObject;
  readonly forge: string;
  readonly path: string;
  /** `''` unless it was made just now. */
  readonly secret: string;
}

type Form = Readonly<Record<string, string>>;

/** The calls about workflows. Racks of Convox have none. */
export interface WorkflowCalls {
  list(query: Form): Promise<readonly Workflow[]>;
  create(form: Form): Promise<Workflow>;
  get(id: string): Promise<Workflow>;
  update(id: string, form: Form): Promise<Workflow>;
  delete(id: string): Promise<void>;
  run(id: string, form: Form): Promise<WorkflowJob>;
  openWebhook(id: string, form: Form): Promise<WorkflowWebhook>;
  cancelJob(job: string): Promise<void>;
  listJobs(query: Form): Promise<readonly WorkflowJob[]>;
  listDeliveries(query: Form): Promise<readonly WorkflowDelivery[]>;
  redeliver(delivery: string): Promise<void>;
}

function decodeWorkflow(value: unknown): Workflow {
  const json = decodeObject(value);
  const texts = (name: string) => decodeList(json[name], String);
  return {
    json,
    id: textField(json, 'id'),
    app: textField(json, 'app'),
    name: textField(json, 'name'),
    kind: textField(json, 'kind'),
    forge: textField(json, 'forge'),
    repository: textField(json, 'repository'),
    branches: texts('branches'),
    tags: texts('tags'),
    paths: texts('paths'),
    apps: texts('apps'),
    promote: textField(json, 'promote'),
    before: textField(json, 'before'),
    after: textField(json, 'after'),
    concurrency: textField(json, 'concurrency'),
    hasReviewApps: json['review-apps'] === true,
    isPolled: json['poll'] === true,
    isEnabled: json['enabled'] === true,
  };
}

function decodeJob(value: unknown): WorkflowJob {
  const json = decodeObject(value);
  return {
    json,
    id: textField(json, 'id'),
    workflow: textField(json, 'workflow'),
    subject: textField(json, 'subject'),
    commit: textField(json, 'commit'),
    title: textField(json, 'title'),
    state: textField(json, 'state'),
    reason: textField(json, 'reason'),
    builds: decodeList(json['builds'], (build) => textField(decodeObject(build), 'build')).filter((id) => id !== ''),
    created: timeField(json, 'created'),
  };
}

function describeOutcome(value: unknown): string {
  const outcome = decodeObject(value);
  const job = textField(outcome, 'job');
  const told = job === '' ? textField(outcome, 'reason') : `started ${job}`;
  return [textField(outcome, 'workflow'), told].filter((text) => text !== '').join(': ');
}

function decodeDelivery(value: unknown): WorkflowDelivery {
  const json = decodeObject(value);
  return {
    json,
    id: textField(json, 'id'),
    what: textField(json, 'what'),
    state: textField(json, 'state'),
    outcomes: decodeList(json['outcomes'], describeOutcome),
    created: timeField(json, 'created'),
  };
}

function decodeWebhook(value: unknown): WorkflowWebhook {
  const json = decodeObject(value);
  return {
    json,
    forge: textField(json, 'forge'),
    path: textField(json, 'path'),
    secret: textField(json, 'secret'),
  };
}

/** Makes the calls over a connection. */
export function createWorkflowCalls(connection: RackConnection): WorkflowCalls {
  const call = async (request: RackRequest) => {
    try {
      return parseJson(await connection.call(request));
    } catch (error) {
      const isUnknownRoute = error instanceof RackError && error.message.startsWith('response status 404');
      throw isUnknownRoute ? new Error('this rack has no workflows', { cause: error }) : error;
    }
  };
  const path = (...parts: readonly string[]) => ['/workflows', ...parts.map(encodeURIComponent)].join('/');
  const send = (method: 'POST' | 'PUT', to: string, form: Form) => call({ method, path: to, form });
  return {
    list: async (query) => decodeList(await call({ method: 'GET', path: path(), query }), decodeWorkflow),
    create: async (form) => decodeWorkflow(await send('POST', path(), form)),
    get: async (id) => decodeWorkflow(await call({ method: 'GET', path: path(id) })),
    update: async (id, form) => decodeWorkflow(await send('PUT', path(id), form)),
    delete: async (id) => void (await connection.call({ method: 'DELETE', path: path(id) })),
    run: async (id, form) => decodeJob(await send('POST', path(id, 'run'), form)),
    openWebhook: async (id, form) => decodeWebhook(await send('POST', path(id, 'webhook'), form)),
    listJobs: async (query) => decodeList(await call({ method: 'GET', path: '/workflow-jobs', query }), decodeJob),
    cancelJob: async (job) => {
      const to = `/workflow-jobs/${encodeURIComponent(job)}/cancel`;
      await connection.call({ method: 'POST', path: to, form: {} });
    },
    listDeliveries: async (query) =>
      decodeList(await call({ method: 'GET', path: '/workflow-deliveries', query }), decodeDelivery),
    redeliver: async (delivery) => {
      const to = `/workflow-deliveries/${encodeURIComponent(delivery)}/redeliver`;
      await connection.call({ method: 'POST', path: to, form: {} });
    },
  };
}
