import type { BuildRecord, ReleaseRecord } from './records.js';

const camel = (name: string) => name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** Renames a row's columns to a record's fields; the caller says which record the table holds. */
export function recordFromRow<T extends object>(row: object): T {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [camel(name), value])) as T;
}

/** A row of `builds`, without the columns that are the store's own business. */
export function buildFromRow(row: Record<string, unknown>): BuildRecord {
  const { log_seq: _seq, ordinal: _ordinal, lost_workers: _lost, ...columns } = row;
  return recordFromRow<BuildRecord>(columns);
}

/** A row of `releases`, without the columns that are the store's own business. */
export function releaseFromRow(row: Record<string, unknown>): ReleaseRecord {
  const { is_made_by_build: _isMade, ordinal: _ordinal, ...columns } = row;
  return recordFromRow<ReleaseRecord>(columns);
}

/** Postgres' code for a broken unique constraint. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}
