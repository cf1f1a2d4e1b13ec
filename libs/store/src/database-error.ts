/** Codes of Node's sockets and of Postgres (appendix A, classes 08, 53 and 57) that pass by themselves. */
const AWAY = /^(?:ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08...|53300|57P0[1-3])$/;
/** What pg says when `query_timeout` is over (`pg/lib/client.js`). */
const SILENCE = 'Query read timeout';
/** pg and Knex have no codes for these. */
const AWAY_MESSAGES =
  /^(?:Connection terminated|Client (?:has encountered a connection error|was closed) and is not queryable|timeout expired|Knex: Timeout acquiring)/;
/** What else Postgres says that has nothing to do with the data: run it again, resources, locks, the operator, the system. */
const PASSING = /^(?:40|53|55|57|58)...$/;
const UNIQUE_VIOLATION = '23505';

/**
 * Leaves of a failed query's error what the database said. Knex puts the statement before it
 * (`knex/lib/execution/internal/query-executioner.js`), and Postgres sends whole rows along ("Failing row contains"): whoever logs
 * the error, or tells it as the reason of a build, would tell what people keep in them.
 */
export function withholdStatement(
  error: Error & { detail?: string; where?: string; internalQuery?: string },
  sql: string,
): void {
  const prefix = `${sql} - `;
  if (error.message.startsWith(prefix)) error.message = error.message.slice(prefix.length);
  delete error.detail;
  delete error.where;
  delete error.internalQuery;
}

/** Tells whether no answer came: what is on the other end of the connection may be gone. */
export function isSilence(error: unknown): boolean {
  return error instanceof Error && error.message === SILENCE;
}

/** Tells whether a unique constraint was broken. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
}

/** Tells whether an error says that the database is not there now, and may be in a moment. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // A dual-stack connection fails with one error for each address.
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  const isFile = 'syscall' in error && error.syscall !== 'connect' && error.syscall !== 'getaddrinfo';
  if ('code' in error && typeof error.code === 'string' && AWAY.test(error.code))
    return !isFile || error.code !== 'ENOENT';
  return isSilence(error) || AWAY_MESSAGES.test(error.message);
}

/** Tells whether what failed may well come through when it is run again, whatever it was about. */
export function passesByItself(error: unknown): boolean {
  return isDatabaseAway(error) || (error instanceof Error && 'code' in error && PASSING.test(String(error.code)));
}
