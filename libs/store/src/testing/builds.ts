import { randomBytes } from 'node:crypto';

import type { BuildLane } from '@convox-builds/domain';

import { type BuildOptions, type BuildRecord, type Claim, NO_OPTIONS } from '../records.js';
import type { Store } from '../store.js';

const IMAGES = {
  web: { digest: `sha256:${'a'.repeat(64)}`, mediaType: 'm', size: 2, platforms: ['linux/amd64'] },
};

export const RESULT = { images: IMAGES, entrypoint: '' };

/** Creates an app with a name of its own. */
export async function createTestApp(store: Store): Promise<string> {
  const name = `a${randomBytes(6).toString('hex')}`;
  await store.apps.create({ name, generation: '3' });
  return name;
}

/** Creates a queued build, in an app of its own unless one is given. */
export async function createTestBuild(
  store: Store,
  {
    app,
    lane = 'interactive',
    gitBranch = '',
    ...options
  }: { app?: string; lane?: BuildLane; gitBranch?: string } & Partial<BuildOptions> = {},
): Promise<BuildRecord> {
  return store.builds.create({
    app: app ?? (await createTestApp(store)),
    source: 'object://a/tmp/x.tgz',
    options: { ...NO_OPTIONS, ...options },
    description: 'a change',
    gitSha: 'abc',
    gitBranch,
    lane,
  });
}

/** Claims the next attempt of a build. */
export async function claimNext(
  store: Store,
  build: Pick<BuildRecord, 'id' | 'attempt'>,
  { worker = 'w1', leaseMs = 60_000 } = {},
): Promise<Claim> {
  const claim: Claim = { buildId: build.id, attempt: build.attempt + 1, worker };
  if ((await store.attempts.claim(claim, { leaseMs })) === undefined) throw new Error(`Cannot claim "${build.id}"`);
  return claim;
}

/** Creates a build that a worker runs. */
export async function createRunningBuild(
  store: Store,
  options: { app?: string; leaseMs?: number } = {},
): Promise<{ build: BuildRecord; claim: Claim }> {
  const build = await createTestBuild(store, options.app === undefined ? {} : { app: options.app });
  return { build, claim: await claimNext(store, build, options) };
}
