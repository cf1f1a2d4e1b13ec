import { formatBytes } from '../terminal/format-time.js';
import type { Output } from '../terminal/output.js';

const INTERVAL_MS = 100;

/** How far a transfer has come. */
export interface TransferProgress {
  readonly bytes: number;
  /** `undefined` when nobody knows. */
  readonly totalBytes: number | undefined;
}

/** Shows how far a transfer is, ten times a second; `set` says how far, `stop` that it is over. */
export function showProgress(output: Output): { set: (progress: TransferProgress) => void; stop: () => void } {
  let last: TransferProgress = { bytes: 0, totalBytes: undefined };
  const timer = setInterval(() => {
    const of = last.totalBytes === undefined ? '' : ` of ${formatBytes(last.totalBytes)}`;
    output.progress(`${formatBytes(last.bytes)}${of}`);
  }, INTERVAL_MS);
  return {
    set: (progress) => {
      last = progress;
    },
    stop: () => clearInterval(timer),
  };
}
