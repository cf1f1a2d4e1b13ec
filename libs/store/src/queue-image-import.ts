import { formatImageSource } from '@convox-builds/domain';
import type { Knex } from 'knex';

import type { BuildRecord } from './records.js';
import { buildFromRow } from './rows.js';

/** An image that a build is to be made of. */
export interface ImageImport {
  /** Its reference. */
  readonly image: string;
  /** Seals the login of its registry, for {@link buildLoginPlace}; it is kept until the build ends. */
  readonly sealLogin?: ((buildId: string) => string) | undefined;
}

/** Makes an external build one that waits for a worker; to be run in a transaction. From then on it is like any other. */
export async function queueImageImport(
  knex: Knex,
  { app, id }: { app: string; id: string },
  { image, sealLogin }: ImageImport,
): Promise<BuildRecord | undefined> {
  const rows = await knex('builds')
    .where({ app, id, state: 'created' })
    .whereRaw(`(options ->> 'external')::boolean AND images = '{}' AND manifest <> ''`)
    .update({
      state: 'queued',
      source: formatImageSource(image),
      options: knex.raw(`options || '{"external": false}'`),
      not_before: knex.raw('clock_timestamp()'),
    })
    .returning('*');
  if (rows.length > 0 && sealLogin !== undefined) {
    await knex('build_logins').insert({ build_id: id, sealed: sealLogin(id) });
  }
  return rows.map(buildFromRow).at(0);
}
