import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A row, by column. */
export type Row = Readonly<Record<string, string | number | null>>;

/** Tells the database something. */
export async function execute(databaseUrl: string, sql: string): Promise<void> {
  await run('psql', [databaseUrl, '-XAtc', sql]);
}

/** Asks the database beside the store: what a rack never asks. */
export async function query(databaseUrl: string, sql: string): Promise<Row[]> {
  const json = `SELECT coalesce(json_agg(answer), '[]') FROM (${sql}) AS answer`;
  const { stdout } = await run('psql', [databaseUrl, '-XAtc', json], { maxBuffer: 64 * 1024 ** 2 });
  return JSON.parse(stdout) as Row[];
}
