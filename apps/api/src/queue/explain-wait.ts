import type { QueueWait } from '@convox-builds/store';

const MINUTE_MS = 60_000;

/** How a build waits, for people and for machines. */
export interface WaitReport {
  /** Counted from 1. */
  readonly position: number;
  /** Milliseconds until it starts, as far as anybody can tell; `undefined` when nobody can. */
  readonly expectedMs: number | undefined;
  /** What it waits for. */
  readonly why: string;
}

function findCause({ slots, used, appRunning, appLimit, notBefore, isAdmitted, reason }: QueueWait, now: Date): string {
  if (slots === 0) return 'no worker is ready';
  if (notBefore > now) return `it is tried again at ${notBefore.toISOString().slice(11, 19)} UTC: ${reason}`;
  if (isAdmitted) return 'a worker is about to take it up';
  if (appLimit !== undefined && appRunning >= appLimit)
    return `its app runs ${appRunning} of at most ${appLimit} builds`;
  if (used >= slots) return slots === 1 ? 'the only build slot is taken' : `all ${slots} build slots are taken`;
  return 'it is about to start';
}

/** Turns follow each other, as many at once as there are slots, each as long as builds of this rack usually take. */
function estimate({ slots, used, position, usualMs, notBefore }: QueueWait, now: Date): number | undefined {
  const delayMs = Math.max(0, notBefore.getTime() - now.getTime());
  const turns = Math.ceil((position - Math.max(0, slots - used)) / slots);
  if (slots === 0 || usualMs === undefined) return undefined;
  return Math.round(Math.max(delayMs, Math.max(0, turns) * usualMs));
}

/** Explains why a build waits, and for how long. */
export function explainWait(wait: QueueWait, now = new Date()): WaitReport {
  return { position: wait.position, expectedMs: estimate(wait, now), why: findCause(wait, now) };
}

function formatMs(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.max(1, Math.round(ms / 1000))} s`;
  return `${Math.round(ms / MINUTE_MS)} min`;
}

/** One line for the log of the build. */
export function formatWait({ position, expectedMs, why }: WaitReport): string {
  const expected = expectedMs === undefined ? '' : `, starts in about ${formatMs(expectedMs)}`;
  return `Waiting: position ${position}${expected} (${why})`;
}
