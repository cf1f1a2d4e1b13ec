import type { Shutdown } from './create-shutdown.js';

/**
 * Stops this process when the one that started it over an IPC channel is gone, however it ended. Without such a channel
 * it does nothing.
 */
export function exitWithParent(shutdown: Shutdown): void {
  if (process.channel === undefined) return;
  process.once('disconnect', () => void shutdown.stop('parent is gone'));
  if (!process.connected) void shutdown.stop('parent is gone');
}
