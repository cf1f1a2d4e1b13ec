import type { IncomingMessage } from 'node:http';

const WINDOW_MS = 30_000;
const MIN_BYTES_PER_WINDOW = 64 * 1024;

/** Cuts off an upload that hardly moves: Node's own limit is on the whole request, and large uploads take long. */
export function assertUploadPace(request: IncomingMessage): { stop: () => void } {
  let before = request.socket.bytesRead;
  const timer = setInterval(() => {
    const now = request.socket.bytesRead;
    // A body that is held back by our own disk moves at our pace.
    if (now - before < MIN_BYTES_PER_WINDOW && !request.isPaused())
      request.destroy(new Error('the upload is too slow'));
    before = now;
  }, WINDOW_MS);
  return { stop: () => clearInterval(timer) };
}
