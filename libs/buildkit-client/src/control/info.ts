import { Metadata } from '@grpc/grpc-js';

import type { InfoResponse } from '../generated/github.com/moby/buildkit/api/services/control/control.js';
import { type BuildkitClient, servicesOf } from './buildkit-client.js';
import { callUnary } from './call.js';

/** Which buildkitd answers. */
export interface BuildkitInfo {
  /** E.g. `v0.32.2`, or `v0.0.0+unknown` for a daemon that was built without one. */
  readonly version: string;
  readonly revision: string;
  /** The built-in Dockerfile frontend, e.g. `1.23.0`. */
  readonly dockerfileVersion: string;
}

/** Asks the daemon for its version. With `waitMs` it may still be starting. */
export async function getInfo(
  client: BuildkitClient,
  { waitMs, signal }: { waitMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<BuildkitInfo> {
  const { control } = servicesOf(client);
  const metadata = new Metadata({ waitForReady: waitMs !== undefined });
  const deadline = Date.now() + (waitMs ?? 10_000);
  const ask = (done: Parameters<typeof control.info>[3]) => control.info({}, metadata, { deadline }, done);
  const { buildkitVersion } = await callUnary<InfoResponse>(ask, signal);
  return {
    version: buildkitVersion?.version ?? '',
    revision: buildkitVersion?.revision ?? '',
    dockerfileVersion: buildkitVersion?.dockerfileVersion ?? '',
  };
}
