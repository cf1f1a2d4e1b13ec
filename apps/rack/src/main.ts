import { createLogger, createShutdown, notifyParent } from '@convox-builds/runtime';

import { describeRack } from './describe-rack.js';
import { readSettings } from './settings.js';
import { startRack } from './start-rack.js';

const STOP_WITHIN_MS = 60_000;

try {
  const settings = readSettings(process.argv.slice(2));
  const logger = createLogger({ name: 'rack', level: settings.environment.LOG_LEVEL });
  const shutdown = createShutdown({ logger, forceAfterMs: STOP_WITHIN_MS });
  const rack = await startRack(settings, { logger, shutdown });
  process.stdout.write(describeRack(rack));
  notifyParent({ type: 'ready' });
} catch (error) {
  process.stderr.write(`ERROR: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
