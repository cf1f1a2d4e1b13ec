import { join } from 'node:path';
import { promisify } from 'node:util';

import { createTemporaryFolder } from '@convox-builds/testing';
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';

import {
  ContentService,
  type ReadContentRequest,
  type ReadContentResponse,
} from '../generated/github.com/containerd/containerd/api/services/content/v1/content.js';
import {
  type BuildHistoryEvent,
  BuildHistoryEventType,
  BuildHistoryRecord,
  ControlService,
  type SolveRequest,
  type SolveResponse,
  type StatusResponse,
} from '../generated/github.com/moby/buildkit/api/services/control/control.js';
import { FakeFailure } from './fake-failure.js';
import { Feed } from './feed.js';
import { createSessionCaller, type SessionCaller, type SessionChannel } from './session-caller.js';

/** A solve that has come in. */
export interface FakeSolve {
  readonly request: SolveRequest;
  /** The session that it names. */
  readonly session: SessionCaller;
  /** Sends a report to whoever follows the status. */
  readonly report: (report: Partial<StatusResponse>) => void;
  /** Aborted when the caller has cancelled. */
  readonly cancelled: AbortSignal;
}

/** What becomes of a solve: the exporters' answer, or a {@link FakeFailure}. */
export type SolveScript = (solve: FakeSolve) => Promise<Record<string, string>>;

/** A buildkitd in this process: it builds nothing, but speaks the real protocol on a real socket. */
export interface FakeBuildkitd {
  readonly address: string;
  /** Says what becomes of solves from now on. */
  readonly onSolve: (script: SolveScript) => void;
  /** Breaks everything off, as a daemon that is killed. */
  readonly stop: () => Promise<void>;
}

type SolveCall = ServerUnaryCall<SolveRequest, SolveResponse>;

function completeEvent(
  Ref: string,
  ExporterResponse: Record<string, string>,
  failure?: FakeFailure,
): BuildHistoryEvent {
  // The empty message decodes to a record with every field at its default.
  const empty = BuildHistoryRecord.decode(Buffer.alloc(0));
  const error = failure && { code: failure.code, message: failure.message, details: [] };
  const externalError = failure && { mediaType: '', digest: failure.digest, size: 0n, annotations: {} };
  return { type: BuildHistoryEventType.COMPLETE, record: { ...empty, Ref, ExporterResponse, error, externalError } };
}

/** The state of the daemon, and what it does with a solve. */
class FakeDaemon {
  readonly sessions = new Map<string, SessionCaller>();
  readonly reports = new Feed<StatusResponse>();
  readonly history = new Feed<BuildHistoryEvent>();
  readonly contents = new Map<string, Buffer>();
  script: SolveScript = async () => ({});

  async solve(call: SolveCall, answer: sendUnaryData<SolveResponse>): Promise<void> {
    const { Ref, Session } = call.request;
    const cancelled = new AbortController();
    call.on('cancelled', () => cancelled.abort());
    const report = (partial: Partial<StatusResponse>) =>
      this.reports.add(Ref, { vertexes: [], statuses: [], logs: [], warnings: [], ...partial });
    try {
      const session = this.sessions.get(Session);
      if (session === undefined) throw new FakeFailure(`no active session for ${Session}`);
      const response = await this.script({ request: call.request, session, report, cancelled: cancelled.signal });
      this.history.add(Ref, completeEvent(Ref, response));
      answer(null, { ExporterResponse: response });
    } catch (error) {
      const failure = error instanceof FakeFailure ? error : new FakeFailure(String(error));
      this.contents.set(failure.digest, failure.status);
      this.history.add(Ref, completeEvent(Ref, {}, failure));
      if (!failure.isSilent) answer(failure.toServiceError());
    } finally {
      this.reports.end(Ref);
    }
  }

  read(call: ServerWritableStream<ReadContentRequest, ReadContentResponse>): void {
    const data = this.contents.get(call.request.digest);
    if (data === undefined) return void call.emit('error', { code: status.NOT_FOUND, details: 'content not found' });
    call.write({ offset: 0n, data });
    call.end();
  }
}

function createServer(daemon: FakeDaemon): Server {
  const server = new Server();
  server.addService(ControlService, {
    solve: (call: SolveCall, answer: sendUnaryData<SolveResponse>) => void daemon.solve(call, answer),
    status: (call: ServerWritableStream<{ Ref: string }, StatusResponse>) =>
      daemon.reports.follow(call.request.Ref, call),
    session: (call: SessionChannel) => {
      const [id = ''] = call.metadata.get('x-docker-expose-session-uuid');
      daemon.sessions.set(String(id), createSessionCaller(call));
    },
    listenBuildHistory: (call: ServerWritableStream<{ Ref: string }, BuildHistoryEvent>) =>
      daemon.history.follow(call.request.Ref, call),
    updateBuildHistory: (_call: unknown, answer: sendUnaryData<object>) => answer(null, {}),
    info: (_call: unknown, answer: sendUnaryData<object>) =>
      answer(null, { buildkitVersion: { package: '', version: 'v0.32.2', revision: '', dockerfileVersion: '' } }),
    listWorkers: (_call: unknown, answer: sendUnaryData<object>) => answer(null, { record: [] }),
    diskUsage: (_call: unknown, answer: sendUnaryData<object>) => answer(null, { record: [] }),
    prune: (call: ServerWritableStream<unknown, unknown>) => call.end(),
  });
  server.addService(ContentService, {
    ...Object.fromEntries(Object.keys(ContentService).map((name) => [name, () => {}])),
    read: (call: ServerWritableStream<ReadContentRequest, ReadContentResponse>) => daemon.read(call),
  });
  return server;
}

/** Starts a daemon that does what a test says. */
export async function startFakeBuildkitd(): Promise<FakeBuildkitd> {
  const folder = await createTemporaryFolder();
  const address = `unix://${join(folder.path, 'buildkitd.sock')}`;
  const daemon = new FakeDaemon();
  const server = createServer(daemon);
  await promisify(server.bindAsync.bind(server))(address, ServerCredentials.createInsecure());
  return {
    address,
    onSolve: (script) => {
      daemon.script = script;
    },
    stop: async () => {
      server.forceShutdown();
      await folder.remove();
    },
  };
}
