import { setTimeout as delay } from 'node:timers/promises';
import { appPath, type RackClient } from '../http/rack-client.js';
import { RackError } from '../http/rack-error.js';
import type { Build } from '../http/rack-objects.js';
import { type LogStreamEnd, type LogStreamOptions, readLogStream } from '../http/read-log-stream.js';
import { askPatiently } from './ask-patiently.js';
import { isFinalBuild } from './is-final-build.js';

const MIN_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;
const MAX_REREADS = 5;

/** Which log to follow, and who takes its bytes. */
export interface FollowOptions {
  readonly app: string;
  readonly id: string;
  readonly write: (bytes: Buffer) => Promise<void> | undefined;
  /** Called once when the end of a finished build's log could not be had. */
  readonly onIncomplete: (message: string) => void;
}

/** Passes on what lies beyond the bytes of earlier streams, wherever a stream starts. */
class LogTail {
  shownBytes = 0;
  private readonly write: FollowOptions['write'];

  constructor(write: FollowOptions['write']) {
    this.write = write;
  }

  nextStream(): Pick<LogStreamOptions, 'offset' | 'onStart' | 'write'> {
    let offset = 0;
    const onStart = (start: number) => {
      offset = start;
    };
    const write = (bytes: Buffer) => {
      const fresh = bytes.subarray(Math.min(Math.max(0, this.shownBytes - offset), bytes.length));
      offset += bytes.length;
      this.shownBytes = Math.max(this.shownBytes, offset);
      return fresh.length === 0 ? undefined : this.write(fresh);
    };
    return { offset: this.shownBytes, onStart, write };
  }
}

async function readOnce(rack: RackClient, { app, id }: FollowOptions, tail: LogTail): Promise<LogStreamEnd> {
  try {
    const path = appPath(app, 'builds', id, 'logs');
    return await readLogStream(rack.connection, path, tail.nextStream());
  } catch (error) {
    // A proxy that answers while the rack restarts.
    if (error instanceof RackError && error.status >= 500) return 'lost';
    throw error;
  }
}

/** Whether nothing of a finished build's log can be missing. Other racks stream lines late or not at all: read again. */
function isLogWhole(build: Build, { end, rereads }: { end: LogStreamEnd; rereads: number }): boolean {
  return end === 'complete' && (build.state !== undefined || rereads > 0);
}

/**
 * Follows the log of a build until the build has ended and its log is whole. A broken stream is taken up again after the
 * last byte that was written.
 *
 * @returns the build as it ended
 * @throws {RackError | UnreachableError} when the rack refuses, or stays away for minutes
 */
export async function followLog(rack: RackClient, options: FollowOptions): Promise<Build> {
  const tail = new LogTail(options.write);
  let pauseMs = MIN_PAUSE_MS;
  let rereads = 0;
  for (;;) {
    const before = tail.shownBytes;
    const end = await readOnce(rack, options, tail);
    const build = await askPatiently(`build ${options.id}`, () => rack.getBuild(options.app, options.id));
    const isFinal = isFinalBuild(build);
    if (isFinal && isLogWhole(build, { end, rereads })) return build;
    if (isFinal && rereads++ >= MAX_REREADS) {
      options.onIncomplete(`the log of build ${options.id} is incomplete: its stream breaks off again and again`);
      return build;
    }
    pauseMs = tail.shownBytes > before || isFinal ? MIN_PAUSE_MS : Math.min(pauseMs * 2, MAX_PAUSE_MS);
    await delay(pauseMs);
  }
}
