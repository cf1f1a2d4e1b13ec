import { type BuildState, isFinalState } from '@convox-builds/domain';
import type { ExecutionContext } from 'ava';
import fc from 'fast-check';

import { type LeaseRepository, openLeases } from './leases.js';
import type { BuildRecord, Claim } from './records.js';
import type { Store } from './store.js';
import { createTestBuild, RESULT } from './testing/builds.js';
import { testOnEachBackend } from './testing/test-on-each-backend.js';

const RUNS = 25;

const ACTIONS = [
  'claim',
  'claim-lapsed',
  'renew',
  'complete',
  'fail',
  'retry',
  'release',
  'log',
  'cancel',
  'expire',
] as const;

interface Step {
  readonly action: (typeof ACTIONS)[number];
  readonly worker: string;
}

const step = fc.record({ action: fc.constantFrom(...ACTIONS), worker: fc.constantFrom('w1', 'w2', 'w3') });

/** Steps of a round are taken at the same time. */
const rounds = fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { minLength: 3, maxLength: 12 });

/** What an observer of everybody's answers knows. */
interface Ledger {
  /** The last claim that each worker won; it may be stale. */
  readonly claims: Map<string, Claim>;
  /** Workers by the attempt that they were told is theirs. */
  readonly owners: string[];
  ends: number;
}

async function take(
  { store, leases }: { store: Store; leases: LeaseRepository },
  build: BuildRecord,
  { action, worker }: Step,
  ledger: Ledger,
): Promise<void> {
  const { attempts } = store;
  const held = ledger.claims.get(worker) ?? { buildId: build.id, attempt: 1, worker };
  if (action === 'claim' || action === 'claim-lapsed') {
    const due = (await store.builds.find(build.app, build.id))?.attempt ?? 0;
    const claim = { ...held, attempt: due + 1 };
    const leaseMs = action === 'claim' ? 60_000 : -1;
    if ((await attempts.claim(claim, { leaseMs })) === undefined) return;
    ledger.claims.set(worker, claim);
    ledger.owners.push(`${claim.attempt}`);
  }
  if (action === 'renew') await leases.renew(held, { leaseMs: 60_000 });
  if (action === 'log') await store.logs.append(held, Buffer.from('x'));
  if (action === 'release') await attempts.release(held);
  if (action === 'retry') await attempts.retry(held, { failureClass: 'platform', reason: 'x' }, { delayMs: 0 });
  if (action === 'complete' && (await attempts.complete(held, RESULT)) !== undefined) ledger.ends++;
  if (action === 'fail' && (await attempts.fail(held, { failureClass: 'user', reason: 'x' }))) ledger.ends++;
  if (action === 'cancel' && (await store.builds.cancel(build.app, build.id, { actor: 'x' })) === 'cancelled')
    ledger.ends++;
  if (action === 'expire') {
    const expired = await attempts.expireLeases({ maxLostWorkers: 3 });
    ledger.ends += expired.filter(({ buildId, outcome }) => buildId === build.id && outcome === 'failed').length;
  }
}

async function assertInvariants(t: ExecutionContext, store: Store, before: BuildRecord, ledger: Ledger) {
  const now = await store.builds.find(before.app, before.id);
  if (now === undefined) throw new Error('the build is gone');
  const isFinal = (state: BuildState) => isFinalState(state);
  if (isFinal(before.state) && before.state !== now.state) throw new Error(`${before.state} became ${now.state}`);
  if (now.attempt < before.attempt) throw new Error('the attempt shrank');
  const releases = await store.releases.list(before.app, { limit: 9 });
  if (releases.length !== (now.state === 'complete' ? 1 : 0))
    throw new Error(`${releases.length} releases, ${now.state}`);
  if (now.releaseId !== (releases[0]?.id ?? '')) throw new Error('another release is recorded');
  if (new Set(ledger.owners).size !== ledger.owners.length) throw new Error('two owners of one attempt');
  if (ledger.owners.length !== now.attempt) throw new Error('an attempt without an owner');
  if (ledger.ends !== (isFinal(now.state) ? 1 : 0)) throw new Error(`${ledger.ends} were told that they ended it`);
  const attempts = await store.attempts.list(before.id);
  if (attempts.some(({ attempt }, index) => attempt !== index + 1)) throw new Error('an attempt is not on record');
  const open = attempts.filter(({ outcome }) => outcome === 'running').length;
  if (attempts.length !== now.attempt || open !== (now.state === 'running' ? 1 : 0)) throw new Error('a wrong record');
  const log = await store.logs.read(before.id, { afterSeq: 0, limit: 1000 });
  if (log.some(({ seq }, index) => seq !== index + 1)) throw new Error('the log has a gap');
  t.pass();
  return now;
}

testOnEachBackend('whatever comes in whatever order, a build keeps its promises', async (t, { store, url }) => {
  const leases = openLeases(url);
  await fc.assert(
    fc.asyncProperty(rounds, async (steps) => {
      let build = await createTestBuild(store);
      const ledger: Ledger = { claims: new Map(), owners: [], ends: 0 };
      for (const round of steps) {
        await Promise.all(round.map((one) => take({ store, leases }, build, one, ledger)));
        build = await assertInvariants(t, store, build, ledger);
      }
      // What was left running must not be met by the next run's `expire`.
      await store.apps.delete(build.app);
    }),
    { numRuns: RUNS },
  );
  await leases.close();
});
