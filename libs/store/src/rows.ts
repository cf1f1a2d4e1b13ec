const camel = (name: string) => name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** Renames a row's columns to a record's fields; the caller says which record the table holds. */
export function recordFromRow<T extends object>(row: object): T {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [camel(name), value])) as T;
}

/** Postgres' code for a broken unique constraint. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}
