import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';

/** One request as the fake rack saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly form: Readonly<Record<string, string>>;
}

/** What one log connection does: sends the log from its first byte up to here, then ends like this. */
export interface LogScript {
  readonly upTo?: number;
  readonly end: 'mark' | 'close' | 'break';
}

/** How the fake rack behaves. */
export interface FakeRackOptions {
  readonly log?: Buffer;
  /** One entry for each log connection; the last one repeats. */
  readonly logScripts?: readonly LogScript[];
  /** How builds end. */
  readonly outcome?: { readonly state: string; readonly reason?: string };
  /** Status polls that answer `running` before the end. */
  readonly runningPolls?: number;
  /** Streams logs from the first byte whatever is asked, as Convox does. */
  readonly areOffsetsIgnored?: boolean;
  /** Leaves out `state`, as Convox does. */
  readonly isConvox?: boolean;
  /** Answers before anything else; `undefined` goes on. */
  readonly intercept?: (request: SeenRequest) => { status: number; body: string } | undefined;
  readonly prefix?: string;
  /** Where external builds push to; without it none are taken. */
  readonly repository?: string;
}

type Json = Record<string, unknown>;
const ZERO_TIME = '0001-01-01T00:00:00Z';

/** Plays a rack, as the Rack API's contract has it, with real HTTP and real sockets and a memory for a disk. */
export class FakeRack {
  readonly seen: SeenRequest[] = [];
  readonly objects = new Map<string, Buffer>();
  readonly apps = new Map<string, Json>();
  readonly builds: Json[] = [];
  readonly releases: Json[] = [];
  readonly registries: Json[] = [];
  /** The path of each log connection, with its query. */
  readonly logPaths: string[] = [];
  private readonly server = createServer((request, response) => void this.answer(request, response));
  private readonly sockets = new WebSocketServer({ noServer: true });
  private readonly options: FakeRackOptions;

  constructor(options: FakeRackOptions) {
    this.options = options;
    this.sockets.on('headers', (headers, request) => {
      if (this.offsetOf(request) > 0) headers.push(`Log-Offset: ${this.offsetOf(request)}`);
    });
    this.server.on('upgrade', (request, socket, head) => {
      this.logPaths.push(request.url ?? '');
      this.sockets.handleUpgrade(request, socket, head, (log) => void this.streamLog(log, this.offsetOf(request)));
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://convox:p%40ss@127.0.0.1:${port}${this.options.prefix ?? ''}`;
  }

  async close(): Promise<void> {
    for (const client of this.sockets.clients) client.terminate();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get logConnections(): number {
    return this.logPaths.length;
  }

  addApp(name: string): void {
    this.apps.set(name, {
      generation: '2',
      locked: false,
      name,
      release: '',
      router: '',
      status: 'running',
      parameters: {},
    });
  }

  addRelease(fields: Json): Json {
    const release = {
      id: '',
      app: '',
      build: '',
      env: '',
      manifest: '',
      description: '',
      created: ZERO_TIME,
      ...fields,
    };
    this.releases.unshift(release);
    return release;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://rack');
    const body = await buffer(request).catch(() => undefined);
    if (body === undefined) return;
    const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded';
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: decodeURIComponent(url.pathname).slice(this.options.prefix?.length ?? 0),
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body,
      form: isForm ? Object.fromEntries(new URLSearchParams(body.toString())) : {},
    };
    this.seen.push(seen);
    const { status, body: text } = this.refuse(seen) ?? this.options.intercept?.(seen) ?? this.route(seen);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(text);
  }

  private refuse({ headers }: SeenRequest): { status: number; body: string } | undefined {
    const expected = `Basic ${Buffer.from('convox:p%40ss').toString('base64')}`;
    return headers.authorization === expected ? undefined : { status: 401, body: 'invalid authentication\n' };
  }

  private route(seen: SeenRequest): { status: number; body: string } {
    const value = this.find(seen);
    if (typeof value === 'string') return { status: 404, body: value === '' ? '' : `${value}\n` };
    return { status: 200, body: value === undefined ? 'ok\n' : `${JSON.stringify(value, undefined, 2)}\n` };
  }

  /** The answer's value, `undefined` for `ok`, a text for 404. */
  private find(seen: SeenRequest): unknown {
    const [, resource, name = '', kind, ...rest] = seen.path.split('/');
    if (resource === 'system')
      return {
        name: 'fake',
        provider: this.options.isConvox === true ? 'local' : 'builds',
        status: 'running',
        version: '3.24.0',
        domain: 'rack.local',
      };
    if (resource === 'events') return undefined;
    if (resource === 'registries') return this.findRegistries(seen);
    if (resource !== 'apps') return '';
    if (name === '') return this.findApps(seen);
    const app = this.apps.get(name);
    if (app === undefined) return `app not found: ${name}`;
    if (kind === undefined) return this.findApp(seen, app);
    if (kind === 'objects') {
      this.objects.set(rest.join('/'), seen.body);
      return { Url: `object://${name}/${rest.join('/')}` };
    }
    if (kind === 'builds') return this.findBuild(seen, rest);
    return kind === 'releases' ? this.findRelease(seen, { app, rest }) : '';
  }

  private findApps({ method, form }: SeenRequest): unknown {
    if (method === 'POST') this.addApp(form.name ?? '');
    return method === 'POST' ? this.apps.get(form.name ?? '') : [...this.apps.values()];
  }

  private findApp({ method, form }: SeenRequest, app: Json): unknown {
    if (method === 'DELETE' && app.locked === true) return `app is locked: ${String(app.name)}`;
    if (method === 'DELETE') return void this.apps.delete(String(app.name));
    if (method !== 'PUT') return app;
    const { lock = String(app.locked), parameters = '' } = form;
    const changed = Object.fromEntries(new URLSearchParams(parameters));
    return void Object.assign(app, {
      locked: lock === 'true',
      parameters: { ...(app.parameters as Json), ...changed },
    });
  }

  private findRegistries({ method, path, form }: SeenRequest): unknown {
    if (method === 'POST') return this.registries.push(form) > 0 ? form : '';
    if (method === 'GET') return this.registries;
    const server = path.slice('/registries/'.length);
    const at = this.registries.findIndex((one) => one.server === server);
    return at < 0 ? `registry not found: ${server}` : void this.registries.splice(at, 1);
  }

  private findBuild(seen: SeenRequest, [id, action]: readonly string[]): unknown {
    if (id === undefined) return seen.method === 'POST' ? this.createBuild(seen) : this.limit(this.builds, seen);
    const build = this.builds.find((one) => one.id === id);
    if (build === undefined) return `build not found: ${id}`;
    if (seen.method === 'PUT')
      return Object.assign(build, seen.form, seen.form.status === undefined ? {} : { state: seen.form.status });
    if (action === 'image') return undefined;
    if (action === 'cancel') return void Object.assign(build, { state: 'cancelled', status: 'failed', polls: 0 });
    this.advance(build);
    return build;
  }

  private createBuild({ form }: SeenRequest): Json {
    const id = `B${randomBytes(5).toString('hex').toUpperCase().replace(/\d/g, 'X')}`;
    const build: Json = {
      id,
      app: 'app',
      status: 'created',
      started: '2026-01-02T03:04:05Z',
      ended: ZERO_TIME,
      release: '',
      reason: '',
      description: form.description ?? '',
      polls: this.options.runningPolls ?? 0,
    };
    if (form.external === 'true') build.repository = this.options.repository ?? '';
    if (this.options.isConvox !== true) build.state = form.external === 'true' ? 'created' : 'queued';
    this.builds.unshift(build);
    return build;
  }

  private advance(build: Json): void {
    if (/complete|failed/.test(String(build.status))) return;
    const polls = Number(build.polls);
    build.polls = polls - 1;
    const { state, reason = '' } = polls > 0 ? { state: 'running' } : (this.options.outcome ?? { state: 'complete' });
    if (state === 'complete') {
      build.release = `R${String(build.id).slice(1)}`;
      this.addRelease({ id: build.release, build: build.id, created: '2026-01-02T03:05:17Z' });
    }
    Object.assign(build, { status: state === 'cancelled' ? 'failed' : state, reason });
    if (state !== 'running') build.ended = '2026-01-02T03:05:17Z';
    if (this.options.isConvox !== true) build.state = state;
  }

  private findRelease(seen: SeenRequest, { app, rest: [id, action] }: { app: Json; rest: readonly string[] }): unknown {
    if (id === undefined && seen.method === 'GET') return this.limit(this.releases, seen);
    if (id === undefined) return this.createRelease(seen);
    const release = this.releases.find((one) => one.id === id);
    if (release === undefined) return `release not found: ${id}`;
    if (action === 'promote') return void Object.assign(app, { release: id });
    return release;
  }

  private createRelease({ form }: SeenRequest): Json {
    const [latest] = this.releases;
    const { env = latest?.env, build = latest?.build, description = '' } = form;
    return this.addRelease({ id: `RNEW${this.releases.length}`, env: env ?? '', build: build ?? '', description });
  }

  private limit(list: readonly Json[], { query }: SeenRequest): readonly Json[] {
    return list.slice(0, Number(query.limit ?? 10));
  }

  private offsetOf({ url = '/' }: IncomingMessage): number {
    const offset = Number(new URL(url, 'http://rack').searchParams.get('offset') ?? 0);
    return this.options.areOffsetsIgnored === true ? 0 : offset;
  }

  private async streamLog(socket: WebSocket, offset: number): Promise<void> {
    const { log = Buffer.from('hello\n'), logScripts = [{ end: 'mark' }] } = this.options;
    const script = logScripts[Math.min(this.logConnections, logScripts.length) - 1] ?? { end: 'mark' };
    const sent = log.subarray(offset, script.upTo ?? log.length);
    for (let at = 0; at < sent.length; at += 60_000) {
      socket.send(sent.subarray(at, at + 60_000), { binary: false });
      while (socket.bufferedAmount > 1_000_000 && socket.readyState === socket.OPEN) await delay(1);
    }
    if (script.end === 'mark') socket.send(Buffer.alloc(0), { binary: true });
    if (script.end === 'close') socket.close(1000);
    if (script.end === 'break') socket.send('', () => socket.terminate());
  }
}

/** Starts a fake rack on a free port. Close it. */
export async function startFakeRack(options: FakeRackOptions = {}): Promise<FakeRack> {
  const rack = new FakeRack(options);
  await rack.listen();
  return rack;
}
