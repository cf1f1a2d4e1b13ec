import { copyFile, open, readFile } from 'node:fs/promises';

const MAX_BYTES = 10_000_000;
const LOOK_EVERY_MS = 30_000;
const MAX_REASON_LENGTH = 1000;

/** How large a log may become. */
export interface DaemonLogOptions {
  /** From here on it begins anew; default 10 MB. */
  readonly maxBytes?: number;
  readonly lookEveryMs?: number;
}

/** The file that a daemon writes its log to. */
export interface DaemonLog {
  /** For the daemon to write to. */
  readonly fd: number;
  /** The line in which it says why it ended, if it does: of its own program, or of Go's runtime. */
  readonly findReason: () => Promise<string | undefined>;
  /** Its last lines as one, which may have anything in them: also arguments of steps. */
  readonly lastLines: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/**
 * Opens a log for one run of a daemon, behind what is in it of the runs before: why a daemon died is still there when the
 * next ones cannot start. One that has become too large is put beside it, in the place of the one before, as `….1`.
 */
export async function openDaemonLog(
  file: string,
  { maxBytes = MAX_BYTES, lookEveryMs = LOOK_EVERY_MS }: DaemonLogOptions = {},
): Promise<DaemonLog> {
  // Whatever is appended to a file goes to its end, also when it has become empty meanwhile.
  const handle = await open(file, 'a', 0o600);
  let begin = 0;

  async function keepSmall(): Promise<void> {
    if ((await handle.stat()).size <= maxBytes) return;
    // On a full disk there is no room for a copy.
    await copyFile(file, `${file}.1`).catch(() => {});
    await handle.truncate();
    begin = 0;
  }

  await keepSmall();
  begin = (await handle.stat()).size;
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = keepSmall().catch(() => {});
  }, lookEveryMs);
  timer.unref();

  async function readLines(): Promise<string[]> {
    const text = (await readFile(file)).subarray(begin).toString('utf8').trim();
    return text.split('\n').map((line) => line.slice(0, MAX_REASON_LENGTH));
  }
  return {
    fd: handle.fd,
    findReason: async () =>
      (await readLines()).findLast((line) => /^(buildkitd|panic|fatal error|SIG[A-Z]+): /.test(line)),
    lastLines: async () => (await readLines()).slice(-5).join(' | ').slice(-MAX_REASON_LENGTH),
    close: async () => {
      clearInterval(timer);
      await looking;
      await handle.close();
    },
  };
}
