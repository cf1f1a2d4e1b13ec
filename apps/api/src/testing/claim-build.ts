import { type BuildRecord, type Claim, NO_OPTIONS, type Store } from '@convox-builds/store';

/** Records a build of an app, which is created when it is missing. */
export async function createTestBuild(store: Store, app: string): Promise<BuildRecord> {
  await store.apps.create({ name: app, generation: '2' });
  return store.builds.create({ app, source: `object://${app}/x`, options: NO_OPTIONS, description: '', gitSha: '' });
}

/** Records a build and claims it as a worker would. */
export async function claimTestBuild(store: Store, app: string, { leaseMs = 60_000 } = {}): Promise<Claim> {
  const build = await createTestBuild(store, app);
  const claim = { buildId: build.id, attempt: build.attempt + 1, worker: 'worker-1' };
  await store.attempts.claim(claim, { leaseMs });
  return claim;
}
