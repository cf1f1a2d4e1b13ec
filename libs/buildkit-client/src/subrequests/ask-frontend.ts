import { randomBytes } from 'node:crypto';

import { Metadata } from '@grpc/grpc-js';

import { type BuildkitClient, servicesOf } from '../control/buildkit-client.js';
import { callUnary, callUnaryRaw } from '../control/call.js';
import { BuildkitError } from '../errors/buildkit-error.js';
import { solveErrorFromCall } from '../errors/solve-error-from-call.js';
import type { SolveResponse as ControlResponse } from '../generated/github.com/moby/buildkit/api/services/control/control.js';
import type {
  ReturnResponse,
  SolveRequest,
  SolveResponse,
} from '../generated/github.com/moby/buildkit/frontend/gateway/pb/gateway.js';
import type { Session } from '../session/open-session.js';
import { emptySolveRequest } from '../solve/solve-request.js';

/** A question to the Dockerfile frontend. */
export interface FrontendQuestion {
  /** E.g. `frontend.outline`. */
  readonly requestId: string;
  readonly frontendAttrs: Readonly<Record<string, string>>;
  /** Serves the Dockerfile. */
  readonly session: Session;
  readonly signal?: AbortSignal | undefined;
}

/** Names the solve that a call of the bridge belongs to (moby/buildkit `frontend/gateway/grpcclient`). */
const BUILD_ID_HEADER = 'buildkit-controlapi-buildid';
const SUBREQUESTS_CAPABILITY = 'moby.buildkit.frontend.subrequests';

function bridgeRequest({ requestId, frontendAttrs }: FrontendQuestion): SolveRequest {
  return {
    Definition: undefined,
    Frontend: 'dockerfile.v0',
    FrontendOpt: { ...frontendAttrs, requestid: requestId, 'frontend.caps': SUBREQUESTS_CAPABILITY },
    allowResultReturn: true,
    allowResultArrayRef: true,
    Final: false,
    ExporterAttr: Buffer.alloc(0),
    CacheImports: [],
    FrontendInputs: {},
    Evaluate: false,
    SourcePolicies: [],
  };
}

/**
 * Asks the Dockerfile frontend about a Dockerfile, without building it. A plain Solve drops the answer; the way is a
 * solve without a frontend, which waits for what we return to it, and in which we call the frontend ourselves.
 *
 * @returns the parsed `result.json`
 * @throws {BuildkitError} `user` when the Dockerfile cannot be read, `unavailable` when the registry of a base image is away
 */
export async function askFrontend(client: BuildkitClient, question: FrontendQuestion): Promise<unknown> {
  const ref = randomBytes(16).toString('hex');
  const metadata = new Metadata();
  metadata.set(BUILD_ID_HEADER, ref);
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, ...(question.signal === undefined ? [] : [question.signal])]);
  const { control, bridge, close } = servicesOf(client).openSolveConnection();
  const request = emptySolveRequest({ ref, session: question.session });
  const outer = callUnary<ControlResponse>((done) => control.solve(request, done), signal);
  outer.catch(() => {});
  try {
    const ask = callUnaryRaw<SolveResponse>((done) => bridge.solve(bridgeRequest(question), metadata, done), signal);
    const { result } = await Promise.race([ask, outer.then(() => Promise.reject(endedEarly()))]);
    const answer = { result: { result: undefined, metadata: {}, attestations: {} }, error: undefined };
    await callUnary<ReturnResponse>((done) => bridge.return(answer, metadata, done), signal);
    return JSON.parse(result?.metadata['result.json']?.toString('utf8') ?? 'null');
  } catch (error) {
    throw solveErrorFromCall(error);
  } finally {
    over.abort();
    close();
  }
}

function endedEarly(): BuildkitError {
  return new BuildkitError('unavailable', 'the daemon ended the question before it was answered');
}
