import { z } from 'zod';

/** What an emulated forge knows. */
export interface ForgeState {
  readonly repository: string;
  readonly commits: readonly string[];
  readonly pullRequest: number;
  /** Every status that was taken, in order. */
  readonly statuses: { context: string; state: string; description: string; url: string; commit: string }[];
  readonly comments: { id: number; text: string }[];
}

/** A request as an emulated forge sees it. */
export interface ForgeCall {
  readonly method: string;
  /** Behind the address of the API, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly header: (name: string) => string;
  readonly json: unknown;
}

/** Status and JSON. */
export type Said = readonly [number, unknown];

/** A forge as its documentation has it. */
export interface EmulatedForge {
  readonly isAuthorised: (call: ForgeCall, token: string) => boolean;
  readonly unauthorised: Said;
  readonly answer: (call: ForgeCall, state: ForgeState) => Said | undefined;
}

const url = z.url().optional();
const NOT_FOUND: Said = [404, { message: 'Not Found' }];

/** Takes a page of what there is. */
const page = <Item>(all: readonly Item[], query: URLSearchParams, size: string) => {
  const length = Math.min(Number(query.get(size) ?? 30), 100);
  return all.slice((Number(query.get('page') ?? 1) - 1) * length).slice(0, length);
};

function addComment({ comments }: ForgeState, text: string): number {
  comments.push({ id: 1000 + comments.length, text });
  return 999 + comments.length;
}

function changeComment({ comments }: ForgeState, id: number, text: string): boolean {
  const found = comments.find((comment) => comment.id === id);
  if (found !== undefined) found.text = text;
  return found !== undefined;
}

const hubStatus = z.strictObject({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  target_url: url,
  description: z.string().max(140).optional(),
  context: z.string().default('default'),
});
const bodyOnly = z.strictObject({ body: z.string().min(1).max(65_536) });
const unprocessable = (error: z.ZodError): Said => [422, { message: `Validation Failed: ${error.message}` }];

/** GitHub's, and all but the pages of comments, Gitea's. */
function answerHub(call: ForgeCall, state: ForgeState, isPaged: boolean): Said | undefined {
  const { method, path, json, query } = call;
  const base = `/repos/${state.repository}`;
  const commit = path.slice(`${base}/statuses/`.length);
  if (method === 'POST' && path.startsWith(`${base}/statuses/`)) {
    const { data, error } = hubStatus.safeParse(json);
    if (error) return unprocessable(error);
    if (!state.commits.includes(commit)) return [422, { message: `No commit found for SHA: ${commit}` }];
    const { description = '', target_url = '', ...rest } = data;
    state.statuses.push({ ...rest, description, url: target_url, commit });
    return [201, { id: state.statuses.length, ...data }];
  }
  const ofIssue = `${base}/issues/${state.pullRequest}/comments`;
  if (method === 'GET' && path === ofIssue) {
    const shown = isPaged ? page(state.comments, query, 'per_page') : state.comments;
    return [200, shown.map(({ id, text }) => ({ id, body: text, user: { login: 'bot' } }))];
  }
  const { data, error } = bodyOnly.safeParse(json);
  if (method === 'POST' && path === ofIssue)
    return error ? unprocessable(error) : [201, { id: addComment(state, data.body) }];
  const [, id] = new RegExp(`^${base}/issues/comments/(\\d+)$`).exec(path) ?? [];
  if (method !== 'PATCH' || id === undefined) return undefined;
  if (error) return unprocessable(error);
  return changeComment(state, Number(id), data.body) ? [200, { id: Number(id) }] : NOT_FOUND;
}

const github: EmulatedForge = {
  isAuthorised: ({ header }, token) => header('authorization') === `Bearer ${token}`,
  unauthorised: [401, { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest' }],
  answer: (call, state) => {
    if (call.header('user-agent') === '') return [403, { message: 'Request forbidden by administrative rules.' }];
    if (call.header('x-github-api-version') !== '2022-11-28') return [400, { message: 'Unsupported API version' }];
    return answerHub(call, state, true);
  },
};

const gitea: EmulatedForge = {
  isAuthorised: ({ header }, token) => header('authorization') === `token ${token}`,
  unauthorised: [401, { message: 'invalid username, password or token' }],
  answer: (call, state) => answerHub(call, state, false),
};

const gitlabStatus = z.strictObject({
  state: z.enum(['pending', 'running', 'success', 'failed', 'canceled', 'skipped']),
  name: z.string().max(255),
  target_url: url,
  description: z.string().max(255).optional(),
});

const gitlab: EmulatedForge = {
  isAuthorised: ({ header }, token) => header('private-token') === token,
  unauthorised: [401, { message: '401 Unauthorized' }],
  answer: ({ method, path, json, query }, state) => {
    const base = `/projects/${encodeURIComponent(state.repository)}`;
    const notes = `${base}/merge_requests/${state.pullRequest}/notes`;
    if (method === 'POST' && path.startsWith(`${base}/statuses/`)) {
      const { data, error } = gitlabStatus.safeParse(json);
      const commit = path.slice(`${base}/statuses/`.length);
      if (error) return [400, { message: error.message }];
      if (!state.commits.includes(commit)) return [404, { message: '404 Commit Not Found' }];
      if (state.statuses.findLast(({ context }) => context === data.name)?.state === data.state)
        return [400, { message: `Cannot transition status via :enqueue from :${data.state}` }];
      const { name: context, description = '', target_url = '' } = data;
      state.statuses.push({ context, state: data.state, description, url: target_url, commit });
      return [201, { id: 1 }];
    }
    if (method === 'GET' && path === notes)
      return [200, page(state.comments, query, 'per_page').map(({ id, text }) => ({ id, body: text, system: false }))];
    const { data, error } = bodyOnly.safeParse(json);
    if (method === 'POST' && path === notes)
      return error ? [400, { error: error.message }] : [201, { id: addComment(state, data.body) }];
    if (method !== 'PUT' || !path.startsWith(`${notes}/`)) return undefined;
    if (error) return [400, { error: error.message }];
    const id = Number(path.slice(notes.length + 1));
    return changeComment(state, id, data.body) ? [200, { id }] : [404, { message: '404 Not found' }];
  },
};

const bitbucketStatus = z.strictObject({
  key: z.string().min(1).max(40),
  state: z.enum(['INPROGRESS', 'SUCCESSFUL', 'FAILED', 'STOPPED']),
  name: z.string().max(255).optional(),
  description: z.string().optional(),
  url: z.url(),
});
const rawContent = z.strictObject({ content: z.strictObject({ raw: z.string().min(1) }) });
const bad = (message: string): Said => [400, { type: 'error', error: { message } }];

const bitbucket: EmulatedForge = {
  isAuthorised: ({ header }, token) => header('authorization') === `Bearer ${token}`,
  unauthorised: [401, { type: 'error', error: { message: 'Token is invalid or not supported for this endpoint.' } }],
  answer: ({ method, path, json, query }, state) => {
    const base = `/repositories/${state.repository}`;
    const comments = `${base}/pullrequests/${state.pullRequest}/comments`;
    const [, commit] = new RegExp(`^${base}/commit/(\\w+)/statuses/build$`).exec(path) ?? [];
    if (method === 'POST' && commit !== undefined) {
      const { data, error } = bitbucketStatus.safeParse(json);
      if (error) return bad(error.message);
      if (!state.commits.includes(commit)) return [404, { type: 'error', error: { message: 'Commit not found' } }];
      const { key: context, description = '', url: target } = data;
      state.statuses.push({ context, state: data.state, description, url: target, commit });
      return [201, { key: context }];
    }
    if (method === 'GET' && path === comments) {
      const values = page(state.comments, query, 'pagelen').map(({ id, text }) => ({ id, content: { raw: text } }));
      return [200, { pagelen: 100, size: state.comments.length, values }];
    }
    const { data, error } = rawContent.safeParse(json);
    if (method === 'POST' && path === comments)
      return error ? bad(error.message) : [201, { id: addComment(state, data.content.raw) }];
    if (method !== 'PUT' || !path.startsWith(`${comments}/`)) return undefined;
    if (error) return bad(error.message);
    const id = Number(path.slice(comments.length + 1));
    return changeComment(state, id, data.content.raw) ? [200, { id }] : [404, { type: 'error', error: {} }];
  },
};

/** Forges that take what their documentation has, and nothing else. */
export const EMULATED_FORGES = { github, gitlab, bitbucket, gitea } as const;
