import { createHash } from 'node:crypto';

import {
  fileSync,
  openSession,
  registryAuth,
  type Session,
  secrets,
  type TarSource,
} from '@convox-builds/buildkit-client';
import type { BuildPlan, PlannedBuild } from '@convox-builds/manifest';

import type { Attempt } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';

/** The name under which BuildKit asks our session for a build context; one per folder, so that each syncs by itself. */
export function contextName({ path }: PlannedBuild): string {
  return path === '.' ? 'context' : `context/${path}`;
}

/**
 * Opens the channel on which buildkitd asks this build for files, registry tokens and secrets.
 *
 * Its shared key is the app's own and unguessable: it makes the second build send only what changed, and it keeps one
 * app's files from another.
 */
export async function openBuildSession(
  build: { attempt: Attempt; source: TarSource; plan: BuildPlan; signal: AbortSignal },
  parts: WorkerParts,
): Promise<Session> {
  const { attempt, source, plan, signal } = build;
  const { registryGate } = parts;
  const { app, environment } = attempt;
  const builds = plan.images.flatMap((image) => (image.kind === 'build' ? [image] : []));
  const allowedSecrets = new Set(builds.flatMap((image) => image.secrets));
  const client = await parts.buildkitd.client();
  return openSession(client, {
    sharedKey: createHash('sha256').update(`source ${app.sourceKey}`).digest('hex'),
    signal,
    attachables: [
      fileSync({
        sources: Object.fromEntries(builds.map((image) => [contextName(image), source.subfolder(image.path)])),
      }),
      secrets({ get: async (id) => (allowedSecrets.has(id) ? environment.get(id) : undefined) }),
      registryAuth({
        identity: createHash('sha256').update(`registry ${app.sourceKey}`).digest('hex'),
        isTokenHost: registryGate.isTokenHost,
        getCredentials: async (host) => registryGate.credentials(host),
        mintToken: async ({ scopes }) => registryGate.mintBuildToken(app.name, scopes),
      }),
    ],
  });
}
