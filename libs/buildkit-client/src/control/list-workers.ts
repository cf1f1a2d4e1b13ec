import type { ListWorkersResponse } from '../generated/github.com/moby/buildkit/api/services/control/control.js';
import { type BuildkitClient, servicesOf } from './buildkit-client.js';
import { callUnary } from './call.js';

/** One of the daemon's workers (BuildKit's word: what executes steps). */
export interface BuildkitWorker {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Platforms that it can build for, e.g. `linux/amd64`. */
  readonly platforms: readonly string[];
}

/** Lists the daemon's workers. An answer means that the daemon is up. */
export async function listWorkers(
  client: BuildkitClient,
  options: { signal?: AbortSignal } = {},
): Promise<BuildkitWorker[]> {
  const { control } = servicesOf(client);
  const { record } = await callUnary<ListWorkersResponse>(
    (done) => control.listWorkers({ filter: [] }, done),
    options.signal,
  );
  return record.map(({ ID, Labels, platforms }) => ({
    id: ID,
    labels: Labels,
    platforms: platforms.map(({ OS, Architecture, Variant }) =>
      [OS, Architecture, ...(Variant === '' ? [] : [Variant])].join('/'),
    ),
  }));
}
