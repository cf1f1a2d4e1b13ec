import { setTimeout as sleep } from 'node:timers/promises';

import { createLogger, maskCredentials, readEnvironment } from '@convox-builds/runtime';
import { isDatabaseAway, migrateStore } from '@convox-builds/store';
import { z } from 'zod';

const settingsSchema = z.object({
  DATABASE_URL: z.string().min(1),
  /** How long a database that does not answer is waited for: less than the five minutes after which Helm gives up without a reason. */
  MIGRATE_WITHIN_SECONDS: z.coerce.number().positive().default(240),
  LOG_LEVEL: z.string().default('info'),
});
const AGAIN_AFTER_MS = 2000;

const settings = readEnvironment(settingsSchema);
const logger = createLogger({ name: 'migrate', level: settings.LOG_LEVEL });
const until = performance.now() + settings.MIGRATE_WITHIN_SECONDS * 1000;

/**
 * Brings the database's schema up to date. A database that is still being started is waited for; what it refuses once, it refuses
 * again, and each try would take its locks once more.
 */
async function migrate(): Promise<readonly string[]> {
  for (;;) {
    try {
      return await migrateStore(settings.DATABASE_URL);
    } catch (error) {
      if (!isDatabaseAway(error) || performance.now() > until) throw error;
      const reason = maskCredentials(error instanceof Error ? error.message : String(error));
      logger.warn({ reason }, 'The database is not there yet');
      await sleep(AGAIN_AFTER_MS);
    }
  }
}

try {
  logger.info({ steps: await migrate() }, 'The schema is up to date');
} catch (error) {
  logger.fatal({ err: error }, 'Cannot bring the schema up to date');
  process.exitCode = 1;
}
