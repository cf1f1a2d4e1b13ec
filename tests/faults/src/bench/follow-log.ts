import { setTimeout as sleep } from 'node:timers/promises';

import { WebSocket } from 'ws';

import type { Cluster } from '../cluster/cluster.js';
import { authorization, replicaUrl } from './rack-client.js';

const RECONNECT_AFTER_MS = 250;

/** What came over one connection: from the log's first byte to the end, or to where it broke off. */
export interface SeenStream {
  readonly text: string;
  /** Whether the mark came that this was all. */
  readonly isWhole: boolean;
}

/** Whose log, and on which replica. */
export interface StreamTarget {
  readonly app: string;
  readonly buildId: string;
  readonly replica: number;
}

/** Reads a log stream until it ends or breaks off. */
export async function readStream(cluster: Cluster, target: StreamTarget, signal: AbortSignal): Promise<SeenStream> {
  const { app, buildId, replica } = target;
  const url = `${replicaUrl(cluster, replica)}/apps/${app}/builds/${buildId}/logs`.replace('http:', 'ws:');
  const socket = new WebSocket(url, { headers: { authorization: authorization(cluster) } });
  const terminate = () => socket.terminate();
  signal.addEventListener('abort', terminate, { once: true });
  const pieces: Buffer[] = [];
  let isWhole = false;
  socket.on('message', (bytes: Buffer, isBinary) => {
    if (isBinary && bytes.length === 0) isWhole = true;
    else pieces.push(bytes);
  });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('close', resolve));
  signal.removeEventListener('abort', terminate);
  return { text: Buffer.concat(pieces).toString(), isWhole };
}

/**
 * Follows a log until it was seen whole, over as many connections, on one replica after the other, as that takes.
 *
 * @returns everything that was seen, once `signal` is aborted or the log was whole
 */
export async function followLog(
  cluster: Cluster,
  target: StreamTarget,
  { signal, onStream }: { signal: AbortSignal; onStream: (stream: SeenStream) => void },
): Promise<void> {
  for (let replica = target.replica; !signal.aborted; replica++) {
    const stream = await readStream(cluster, { ...target, replica }, signal);
    if (stream.text !== '' || stream.isWhole) onStream(stream);
    if (stream.isWhole) return;
    await sleep(RECONNECT_AFTER_MS);
  }
}
