import type { Knex } from 'knex';

import { migrations } from './migrate.js';

/** How the schema of a database stands to the steps that this version knows. */
export interface SchemaDescription {
  /** The last step that this version knows. */
  readonly newest: string;
  /** Steps that were not run. */
  readonly missing: readonly string[];
  /** Steps that were run by a newer version. */
  readonly unknown: readonly string[];
}

/** Compares the schema of a database with what this version needs; changes nothing. */
export async function describeSchema(knex: Knex): Promise<SchemaDescription> {
  const isThere = await knex.schema.hasTable('migrations');
  const applied = isThere ? await knex('migrations').orderBy('name').pluck<string[]>('name') : [];
  const known = migrations.map(({ name }) => name);
  return {
    newest: known.at(-1) ?? '',
    missing: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  };
}
