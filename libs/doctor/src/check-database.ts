import type { Store } from '@convox-builds/store';

import { type Check, failed, ok, warning } from './check.js';

/** The database answers, and its schema is the one that this version was made for. */
export function checkDatabase({ describeSchema }: Pick<Store, 'describeSchema'>): Check {
  return {
    name: 'database',
    run: async () => {
      const { newest, missing, unknown } = await describeSchema().catch((error: Error) => {
        throw new Error(`it does not answer (${error.message}): see that it runs and that DATABASE_URL is right`);
      });
      if (missing.length > 0)
        return failed(`its schema lacks ${missing.join(', ')}: run the migrations of this version`);
      if (unknown.length > 0)
        return warning(`its schema has ${unknown.join(', ')}, of a newer version: bring this process up to it`);
      return ok(`schema ${newest}`);
    },
  };
}
