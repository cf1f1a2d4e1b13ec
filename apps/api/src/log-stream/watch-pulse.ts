import type { WebSocket } from 'ws';

const PING_EVERY_MS = 30_000;

/**
 * Ends a socket whose ping stays without an answer until the next one. While something is still to be sent the peer may
 * merely be slow to read; then the system's own limit on unacknowledged data counts.
 */
export function watchPulse(socket: WebSocket): void {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive && socket.bufferedAmount === 0) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_EVERY_MS);
  socket.once('close', () => clearInterval(timer));
}
