import type { DiskUsageResponse } from '../generated/github.com/moby/buildkit/api/services/control/control.js';
import { type BuildkitClient, servicesOf } from './buildkit-client.js';
import { callUnary } from './call.js';
import { type UsageRecord, usageRecordFromWire } from './usage-record.js';

/**
 * Lists what the daemon keeps on its disk.
 *
 * @param options.filters containerd filters, e.g. `type==source.local`; all of them have to match
 */
export async function diskUsage(
  client: BuildkitClient,
  options: { filters?: readonly string[]; signal?: AbortSignal } = {},
): Promise<UsageRecord[]> {
  const { control } = servicesOf(client);
  const request = { filter: [...(options.filters ?? [])], ageLimit: 0n };
  const { record } = await callUnary<DiskUsageResponse>((done) => control.diskUsage(request, done), options.signal);
  return record.map(usageRecordFromWire);
}
