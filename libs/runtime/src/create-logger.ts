import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

import { maskCredentials } from './mask-credentials.js';

/** Writes structured lines: a static message, so that lines group, and fields. */
export type Logger = PinoLogger;

/** Options of {@link createLogger}. */
export interface LoggerOptions {
  /** Which process writes, e.g. `api`. */
  readonly name: string;
  /** `trace`, `debug`, `info` (default), `warn`, `error`, `fatal` or `silent`. */
  readonly level?: string;
  /** Where the lines go; standard output by default. */
  readonly destination?: DestinationStream;
}

/** `bindings`: the values of a statement, which Knex puts on an error of its own when no connection is free in time. */
const SECRET_FIELDS = ['authorization', 'password', 'token', 'bindings'];
const REDACTED_PATHS = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/** Makes plain fields of an error, without the credentials of URLs. */
export function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack, ...fields } = pino.stdSerializers.err(error);
  return { ...fields, type, message: maskCredentials(message), stack: maskCredentials(stack ?? '') };
}

/**
 * Creates a process's logger: one JSON object a line. Fields named `authorization`, `password`, `token` or `bindings` are replaced
 * by `[hidden]`, down to the third level, and so are the credentials of URLs in the messages of errors (field `err`).
 */
export function createLogger({ name, level = 'info', destination }: LoggerOptions): Logger {
  const options = {
    name,
    level,
    redact: { paths: REDACTED_PATHS, censor: '[hidden]' },
    serializers: { err: serializeError },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
