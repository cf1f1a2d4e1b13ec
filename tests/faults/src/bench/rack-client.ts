import { setTimeout as sleep } from 'node:timers/promises';

import type { Cluster } from '../cluster/cluster.js';

const ANSWER_WITHIN_MS = 15_000;
const TRY_FOR_MS = 120_000;
const RETRY_AFTER_MS = 250;

/** An answer of the rack that is not a success. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number;

  constructor(status: number, text: string) {
    super(`${status}: ${text}`);
    this.status = status;
  }
}

/** Asks the rack as clients do: over HTTP, with the rack's password. */
export interface RackClient {
  /** One request to one replica. */
  readonly post: (path: string, body: Body, options?: { replica?: number; headers?: Headers }) => Promise<string>;
  /** Tries, on one replica after the other, until the rack accepts. What it refuses for good is thrown. */
  readonly postPatiently: (path: string, body: Body, headers?: Headers) => Promise<string>;
}

type Body = Buffer | URLSearchParams;
type Headers = Readonly<Record<string, string>>;

/** Where a replica of the cluster is, counted round. */
export function replicaUrl({ apis }: Cluster, replica: number): string {
  const api = apis[replica % apis.length];
  if (api === undefined) throw new Error('Cannot reach the rack: it has no api');
  return api.url;
}

/** The rack's password, as a header. */
export function authorization({ settings }: Cluster): string {
  return `Basic ${Buffer.from(`convox:${settings.password}`).toString('base64')}`;
}

/** Makes a client of a cluster. */
export function createRackClient(cluster: Cluster): RackClient {
  const post: RackClient['post'] = async (path, body, { replica = 0, headers = {} } = {}) => {
    const response = await fetch(`${replicaUrl(cluster, replica)}${path}`, {
      method: 'POST',
      headers: { authorization: authorization(cluster), ...headers },
      body,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new RefusedError(response.status, text.trim());
    return text;
  };

  const postPatiently: RackClient['postPatiently'] = async (path, body, headers = {}) => {
    const deadline = performance.now() + TRY_FOR_MS;
    for (let replica = 0; ; replica++) {
      try {
        return await post(path, body, { replica, headers });
      } catch (error) {
        const isForGood = error instanceof RefusedError && error.status < 500;
        if (isForGood || performance.now() > deadline) throw error;
        await sleep(RETRY_AFTER_MS);
      }
    }
  };
  return { post, postPatiently };
}
