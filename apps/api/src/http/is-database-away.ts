/** Codes of Node's sockets and of Postgres (appendix A, classes 08, 53 and 57) that pass by themselves. */
const AWAY = /^(?:ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08...|53300|57P0[1-3])$/;
/** `pg` and Knex have no codes for these. */
const AWAY_MESSAGES =
  /^(?:Connection terminated|Client (?:has encountered a connection error|was closed) and is not queryable|timeout expired|Query read timeout|Knex: Timeout acquiring)/;

/** Tells whether an error says that the database is not there now, and may be in a moment. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // A dual-stack connection fails with one error for each address.
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  const isFile = 'syscall' in error && error.syscall !== 'connect' && error.syscall !== 'getaddrinfo';
  if ('code' in error && typeof error.code === 'string' && AWAY.test(error.code))
    return !isFile || error.code !== 'ENOENT';
  return AWAY_MESSAGES.test(error.message);
}
