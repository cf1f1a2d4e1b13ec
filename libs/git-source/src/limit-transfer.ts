import { folderBytes } from './folder-bytes.js';
import { GitError } from './git-error.js';

const LOOK_EVERY_MS = 500;

/** What a transfer may take. */
export interface TransferLimits {
  /** Bytes that the repository may have afterwards. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** Limits that are watched. */
export interface WatchedLimits {
  readonly signal: AbortSignal;
  readonly stop: () => void;
}

/** Aborts its signal, with a {@link GitError}, after a time. */
export function limitTime(timeoutMs: number): WatchedLimits {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    const text = `the transfer took longer than ${Math.round(timeoutMs / 1000)} seconds`;
    controller.abort(new GitError('unavailable', text));
  }, timeoutMs);
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}

/** Aborts its signal, with a {@link GitError}, when a repository has become larger, or its transfer has run longer, than it may. */
export function limitTransfer(gitDir: string, { maxBytes, timeoutMs }: TransferLimits): WatchedLimits {
  const controller = new AbortController();
  const look = async () => {
    if ((await folderBytes(gitDir)) <= maxBytes) return;
    controller.abort(new GitError('too-large', `the repository has more than ${maxBytes} bytes`));
  };
  const watch = setInterval(() => void look(), LOOK_EVERY_MS);
  const time = limitTime(timeoutMs);
  const stop = () => {
    clearInterval(watch);
    time.stop();
  };
  return { signal: AbortSignal.any([controller.signal, time.signal]), stop };
}
