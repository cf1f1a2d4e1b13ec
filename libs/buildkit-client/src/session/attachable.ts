/**
 * One call that buildkitd makes to us on the session channel. Messages are the bare protobuf bytes: the gRPC frame is
 * already off. Metadata keeps repeated headers apart, in order (Node's http2 would join them with `, `).
 */
export interface SessionCall {
  /** Header fields by lower-case name, each with its values in order. */
  readonly metadata: ReadonlyMap<string, readonly string[]>;
  /** What buildkitd sends; ends when it half-closes. */
  readonly messages: AsyncIterable<Buffer>;
  /** Sends one message; resolves at once, or when there is room again after much was sent. */
  send(message: Uint8Array): Promise<void>;
  /** Aborted when the call or the session is gone. */
  readonly signal: AbortSignal;
}

/** Answers a call: returning ends it with OK, throwing a {@link SessionError} with that code, anything else with UNKNOWN. */
export type SessionMethod = (call: SessionCall) => Promise<void>;

/** A service that we offer to buildkitd on the session channel (moby/buildkit `session.Attachable`). */
export interface Attachable {
  /** Methods by full path, e.g. `/moby.filesync.v1.FileSync/DiffCopy`. */
  readonly methods: Readonly<Record<string, SessionMethod>>;
}

/** gRPC status codes that session services answer with. */
export const SESSION_ERROR_CODES = {
  unknown: 2,
  'invalid-argument': 3,
  'not-found': 5,
  'already-exists': 6,
  'permission-denied': 7,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

/** Ends a session call with a gRPC status that buildkitd understands. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly code: keyof typeof SESSION_ERROR_CODES;

  constructor(code: keyof typeof SESSION_ERROR_CODES, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
