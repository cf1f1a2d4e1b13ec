import type { BuildRecord } from '@convox-builds/store';

import { APP } from '../bench/bench.js';
import type { Evidence, Violation } from './violation.js';

/** What the registry has under a name; `undefined` for nothing. */
async function findDigest(registryUrl: string, reference: string): Promise<string | undefined> {
  const response = await fetch(`${registryUrl}/v2/${APP}/manifests/${reference}`, {
    method: 'HEAD',
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json' },
  });
  return response.headers.get('docker-content-digest') ?? undefined;
}

async function checkBuild({ id, images }: BuildRecord, registryUrl: string): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const [service, { digest }] of Object.entries(images)) {
    if ((await findDigest(registryUrl, digest)) !== digest) {
      const what = `build ${id}: ${service} is recorded as ${digest}, which is not there`;
      violations.push({ invariant: 'what a release names is in the registry', what });
    }
    const tag = `${service}.${id}`;
    const tagged = await findDigest(registryUrl, tag);
    if (tagged !== digest) {
      const what = `build ${id}: tag ${tag} is ${tagged ?? 'missing'} and not ${digest}`;
      violations.push({ invariant: 'every complete build has its tags', what });
    }
  }
  return violations;
}

/** The images of complete builds are in the registry, under their digest and their tag; those of others have no tag. */
export async function checkRegistry({ bench, builds }: Pick<Evidence, 'bench' | 'builds'>): Promise<Violation[]> {
  const { registry } = bench.cluster.services.urls;
  const complete = builds.filter(({ state }) => state === 'complete');
  const violations: Violation[] = [];
  for (const build of complete) violations.push(...(await checkBuild(build, registry)));
  for (const { id, state } of builds.filter((build) => build.state !== 'complete')) {
    if ((await findDigest(registry, `web.${id}`)) === undefined) continue;
    violations.push({ invariant: 'a cancelled build has no release', what: `build ${id} is ${state} and has a tag` });
  }
  return violations;
}
