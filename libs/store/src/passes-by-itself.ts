/**
 * Codes of Node's sockets, and of Postgres (appendix A): the connection, a transaction that has to be run again, resources, locks, the
 * operator, the system.
 */
const PASSING = /^(?:E(?!RR_)[A-Z_]+|(?:08|40|53|55|57|58)\w{3})$/;

/** Tells whether what failed in a transaction may well come through when it is run again, whatever it was about. */
export function passesByItself(error: unknown): boolean {
  return error instanceof Error && 'code' in error && PASSING.test(String(error.code));
}
