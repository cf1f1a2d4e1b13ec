import type { IncomingMessage } from 'node:http';

const WINDOW_MS = 30_000;
const MIN_BYTES_PER_WINDOW = 64 * 1024;

/**
 * Cuts off an upload that hardly moves, below 64 KiB in 30 seconds: Node's own limit is on the whole request, and large
 * uploads over slow lines take long.
 */
export function watchUploadPace(request: IncomingMessage): { stop: () => void } {
  const { socket } = request;
  let before = socket.bytesRead;
  const timer = setInterval(() => {
    const now = socket.bytesRead;
    // A body that is held back by our own disk moves at our pace.
    const isSlow = now - before < MIN_BYTES_PER_WINDOW && !request.isPaused();
    if (isSlow) request.destroy(new Error('the upload is too slow'));
    before = now;
  }, WINDOW_MS);
  return { stop: () => clearInterval(timer) };
}
