import { setTimeout as sleep } from 'node:timers/promises';

import { createLogger } from './create-logger.js';
import { createShutdown } from './create-shutdown.js';
import { exitWithParent } from './exit-with-parent.js';
import { notifyParent } from './notify-parent.js';

/** A process that stops in the way that its first argument names, and prints what it closes. */
const way = process.argv[2] ?? '';
const shutdown = createShutdown({ logger: createLogger({ name: 'fixture', level: 'silent' }), forceAfterMs: 400 });
exitWithParent(shutdown);
const timer = setInterval(() => {}, 1000);
shutdown.add('timer', () => clearInterval(timer));
shutdown.add('first', () => void process.stdout.write('first '));
// One after the other they would take too long.
if (way === 'together') shutdown.addTogether({ one: () => sleep(300), other: () => sleep(300) });
if (way === 'hangs') shutdown.add('stuck', () => new Promise(() => {}));
if (way === 'fails') shutdown.add('broken', () => Promise.reject(new Error('broken')));
shutdown.add('last', () => void process.stdout.write('last '));
notifyParent({ type: 'ready' });
if (way === 'gives up') void shutdown.stop('it is of no use any more', { exitCode: 1 });
