import type { Build } from '../http/rack-objects.js';

const GOING_ON = new Set(['created', 'queued', 'running']);
const ENDED = new Set(['complete', 'failed', 'cancelled']);

/**
 * Tells whether a build has ended.
 *
 * @throws {Error} when the rack uses a word that is no state
 */
export function isFinalBuild(build: Build): boolean {
  const word = build.state ?? build.status;
  if (GOING_ON.has(word)) return false;
  if (ENDED.has(word)) return true;
  throw new Error(`unexpected build status: ${word}`);
}
