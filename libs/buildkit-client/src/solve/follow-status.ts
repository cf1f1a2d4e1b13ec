import type { BuildkitClient } from '../control/buildkit-client.js';
import { servicesOf } from '../control/buildkit-client.js';
import { readStream } from '../control/call.js';
import { type SolveStatus, solveStatusFromWire } from './solve-status.js';

/** Takes one report; while its promise is pending no further one is read, and the daemon waits. */
export type StatusListener = (status: SolveStatus) => void | Promise<void>;

/**
 * Reads the status of a solve to its end. It may be opened before the solve: the daemon waits some seconds for the ref.
 *
 * @returns the names of all steps, by digest
 */
export async function followStatus(
  client: BuildkitClient,
  ref: string,
  { signal, onStatus }: { signal: AbortSignal; onStatus: StatusListener },
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  const call = servicesOf(client).control.status({ Ref: ref });
  for await (const response of readStream(call, signal)) {
    const status = solveStatusFromWire(response);
    for (const { digest, name } of status.vertexes) names.set(digest, name);
    await onStatus(status);
  }
  return names;
}
