import { createLogger, createShutdown, notifyParent } from '@convox-builds/runtime';

import { describeRack } from './describe-rack.js';
import { readSettings } from './settings.js';
import { startRack } from './start-rack.js';

const STOP_WITHIN_MS = 60_000;

/** The worker makes bridges, firewall rules and containers. */
function assertRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new Error(
    'Cannot start a rack without root: builds get networks and containers of their own. ' +
      'Run it as root, for instance with sudo env "PATH=$PATH" npm start',
  );
}

try {
  assertRoot();
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
