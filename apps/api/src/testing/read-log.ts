import { WebSocket } from 'ws';

import { AUTHORIZATION } from './start-test-api.js';

/** What a client has seen of a log stream. */
interface SeenLog {
  readonly bytes: Buffer;
  readonly frames: number;
  /** Whether the empty binary frame came. */
  readonly isEnded: boolean;
}

/** A client of a log stream. */
export interface LogReader {
  /** What came so far. */
  readonly seen: () => SeenLog;
  /** Resolves when the stream has ended. */
  readonly ended: Promise<SeenLog>;
  readonly socket: WebSocket;
}

/** Opens a log stream as existing clients do: options are headers. */
export function openLog(port: number, path: string, headers: Readonly<Record<string, string>> = {}): LogReader {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
    headers: { Authorization: AUTHORIZATION, Origin: `http://127.0.0.1:${port}`, ...headers },
    perMessageDeflate: false,
  });
  const pieces: Buffer[] = [];
  let isEnded = false;
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary && data.length === 0) isEnded = true;
    else pieces.push(data);
  });
  const seen = () => ({ bytes: Buffer.concat(pieces), frames: pieces.length, isEnded });
  const ended = new Promise<SeenLog>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => resolve(seen()));
  });
  return { seen, ended, socket };
}
