import { solve } from '@convox-builds/buildkit-client';
import { measureImages } from '@convox-builds/registry';
import { z } from 'zod';
import { createBuildLoginFinder } from '../images/create-build-login-finder.js';
import { openBuildSessions } from '../images/open-build-sessions.js';
import type { WorkerParts } from '../worker-parts.js';
import { cachedService, cacheExport } from './cache-place.js';
import type { CacheableBuild, CacheableImage } from './cacheable-build.js';

const EXPORT_WITHIN_MS = 10 * 60_000;

const descriptorSchema = z.object({ digest: z.string().regex(/^sha256:[a-f0-9]{64}$/) });

/** What BuildKit answers of a cache that it has written (moby/buildkit `cache/remotecache/export.go`). */
function digestFrom(response: Readonly<Record<string, string>>): string {
  return descriptorSchema.parse(JSON.parse(response['cache.manifest'] ?? 'null')).digest;
}

/**
 * Solves an image once more, from this disk, for its layers alone, and writes them to the registry.
 *
 * @returns the digest of what was written, and its bytes: manifest and layers
 */
export async function writeCache(
  build: CacheableBuild,
  { of, signal: stopping }: { of: CacheableImage; signal: AbortSignal },
  parts: WorkerParts,
): Promise<{ digest: string; bytes: number }> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(EXPORT_WITHIN_MS)]);
  const { source, manifest, image, attempt } = { ...build, ...of };
  // The build has ended, and so has its log.
  const quiet = { ...attempt, log: { ...attempt.log, line: () => {} } };
  const findLogin = createBuildLoginFinder({ attempt, manifest }, parts);
  const sessions = await openBuildSessions(
    { attempt: quiet, source, plan: { images: [image] }, findLogin, signal },
    parts,
  );
  try {
    const request = {
      frontendAttrs: of.frontendAttrs,
      cacheExports: [cacheExport(attempt, cachedService(image), parts)],
    };
    const { exporterResponse } = await solve(await parts.buildkitd.client(signal), request, {
      session: sessions.of(image),
      signal,
    });
    const digest = digestFrom(exporterResponse);
    const place = parts.repositories.repositoryOf(attempt.app.name);
    return { digest, bytes: await measureImages(place, [digest], parts.registry, { signal }) };
  } finally {
    await sessions.close();
  }
}
