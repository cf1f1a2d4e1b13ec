import { setTimeout as sleep } from 'node:timers/promises';

import type { GitServerFault } from '@convox-builds/testing';

import { APP, type Bench } from '../bench/bench.js';
import { type GitOfBench, startGit } from '../bench/start-git.js';
import type { Scenario } from './scenario.js';
import { wantAnyEnd } from './scenario.js';

/** Starts a git server, and stops it whatever happens. */
const withGit = (run: (bench: Bench, git: GitOfBench) => Promise<void>) => async (bench: Bench) => {
  const git = await startGit(bench);
  try {
    await run(bench, git);
  } finally {
    await git.stop();
  }
};

/** What a git server does wrong, and how the build ends then. */
interface GitCase {
  readonly what: string;
  /** Which requests, as `GET /app.git/info/refs?…`. */
  readonly requests: RegExp;
  readonly fault: GitServerFault;
  readonly times: number;
  readonly end: string;
}

/** docs/faults.md has the same ones as a table. */
const CASES: readonly GitCase[] = [
  { what: 'slow', requests: /^POST/, fault: { bytesPerSecond: 400_000 }, times: 1000, end: 'complete in attempt 1' },
  { what: 'cut', requests: /^POST/, fault: { cutAfterBytes: 50_000 }, times: 2, end: 'complete in attempt 2' },
  { what: '503', requests: /^GET/, fault: { status: 503 }, times: 1, end: 'complete in attempt 2' },
  { what: '401', requests: /^GET/, fault: { status: 401 }, times: 1000, end: 'failed credentials in attempt 1' },
];

async function runCase(bench: Bench, git: GitOfBench, { what, requests, fault, times, end }: GitCase): Promise<void> {
  let left = times;
  git.server.fail(({ method, path }) => (requests.test(`${method} ${path}`) && left-- > 0 ? fault : undefined));
  const { id } = await bench.submit({ gitUrl: git.url });
  await bench.settle();
  const build = await bench.store.builds.find(APP, id);
  const came = `${build?.state} ${build?.failureClass} in attempt ${build?.attempt}`.replace('  ', ' ');
  bench.say(`${what}: ${came}: ${build?.reason}`);
  if (left === times) throw new Error(`Nobody has met the fault "${what}"`);
  if (came !== end) throw new Error(`With "${what}" build ${id} is ${came}`);
}

async function runRedirect(bench: Bench, git: GitOfBench): Promise<void> {
  await withGit(async (of, { url, server }) => {
    const fault = { status: 302, location: `${url}/info/refs?service=git-upload-pack` };
    await runCase(of, git, { what: 'redirect', requests: /^GET/, fault, times: 1000, end: 'failed user in attempt 1' });
    if (server.seen.length > 0) throw new Error('A redirection was followed');
  })(bench);
}

/** A git server that answers wrongly, and a wire to it that is bad. */
export const GIT_SCENARIOS: readonly Scenario[] = [
  {
    row: '28d',
    title: 'answers of a git server take 200 to 500 ms longer',
    run: withGit(async (bench, { wire, url }) => {
      wire.slow({ delayMs: 100, jitterMs: 150 });
      await Promise.all([bench.submit({ gitUrl: url }), bench.submit({ gitUrl: url })]);
      await bench.settle();
    }),
  },
  {
    row: '30a',
    title: 'connections to a git server are cut every half second',
    run: withGit(async (bench, { wire, url }) => {
      wire.slow({ delayMs: 100 });
      const submitted = Promise.all([bench.submit({ gitUrl: url }), bench.submit({ gitUrl: url })]);
      for (let cuts = 0; cuts < 8; cuts++) {
        await sleep(500);
        wire.cut();
      }
      wire.heal();
      await submitted;
      await bench.settle();
    }),
  },
  {
    row: '31d',
    title: 'what comes from a git server is cut into pieces of 200 bytes',
    run: withGit(async (bench, { wire, url }) => {
      wire.slow({ sliceBytes: 200 });
      await Promise.all([bench.submit({ gitUrl: url }), bench.submit({ gitUrl: url })]);
      await bench.settle();
    }),
  },
  {
    row: '36',
    title: 'a git server is slow, breaks off in mid-pack, redirects, wants a login, or answers with errors',
    complain: wantAnyEnd,
    run: async (bench) => {
      // A server for each: nothing of it is on the worker yet.
      for (const gitCase of CASES) await withGit((of, git) => runCase(of, git, gitCase))(bench);
      await withGit(runRedirect)(bench);
    },
  },
];
