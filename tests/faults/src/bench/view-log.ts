import { WebSocket } from 'ws';

import type { Cluster } from '../cluster/cluster.js';
import type { StreamTarget } from './follow-log.js';
import { authorization, replicaUrl } from './rack-client.js';

/** Takes what has come; `false` hangs up. */
type OnBytes = (bytes: Buffer) => boolean;

/** Reads a log over one connection, from an offset on; `true` when it came to the end of the log. */
type ReadFrom = (cluster: Cluster, target: StreamTarget, offset: number, onBytes: OnBytes) => Promise<boolean>;

const logUrl = (cluster: Cluster, { app, buildId, replica }: StreamTarget) =>
  `${replicaUrl(cluster, replica)}/apps/${app}/builds/${buildId}/logs`;

const readSocket: ReadFrom = async (cluster, target, offset, onBytes) => {
  const url = `${logUrl(cluster, target)}?offset=${offset}`.replace('http:', 'ws:');
  const socket = new WebSocket(url, { headers: { authorization: authorization(cluster) } });
  let isWhole = false;
  socket.on('message', (bytes: Buffer) => {
    // What comes after it has hung up, a viewer does not see.
    if (socket.readyState !== WebSocket.OPEN) return;
    if (bytes.length === 0) isWhole = true;
    else if (!onBytes(bytes)) socket.terminate();
  });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('close', resolve));
  return isWhole;
};

async function* splitEvents(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string> {
  let text = '';
  for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const events = (text + piece).split('\n\n');
    text = events.pop() ?? '';
    yield* events;
  }
}

const readEvents: ReadFrom = async (cluster, target, offset, onBytes) => {
  const headers = {
    accept: 'text/event-stream',
    authorization: authorization(cluster),
    'last-event-id': String(offset),
  };
  const controller = new AbortController();
  try {
    const response = await fetch(logUrl(cluster, target), { headers, signal: controller.signal });
    for await (const event of splitEvents(response.body)) {
      if (event.includes('event: end')) return true;
      const [, data] = /^data: (.*)$/m.exec(event) ?? [];
      if (data !== undefined && !onBytes(Buffer.from(JSON.parse(data) as string))) return false;
    }
  } catch {
    // It broke off, as far as a viewer can see.
  } finally {
    controller.abort();
  }
  return false;
};

/** The two ways to watch a log. */
export const VIEWS = { sockets: readSocket, events: readEvents } as const;

/**
 * Watches a log to its end, over as many connections as that takes; each goes on where the one before broke off.
 *
 * @param cuts after how many bytes each of the first connections hangs up
 */
export async function viewLog(
  cluster: Cluster,
  target: StreamTarget,
  { view, cuts }: { view: keyof typeof VIEWS; cuts: readonly number[] },
): Promise<Buffer> {
  const seen: Buffer[] = [];
  let offset = 0;
  for (let connection = 0; ; connection++) {
    const cut = cuts[connection] ?? Number.POSITIVE_INFINITY;
    let bytesNow = 0;
    const replica = target.replica + connection;
    const isWhole = await VIEWS[view](cluster, { ...target, replica }, offset, (bytes) => {
      seen.push(bytes);
      offset += bytes.length;
      bytesNow += bytes.length;
      return bytesNow < cut;
    });
    if (isWhole) return Buffer.concat(seen);
  }
}
