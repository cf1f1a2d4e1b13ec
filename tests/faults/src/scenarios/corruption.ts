import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { BuildRecord } from '@convox-builds/store';
import { waitUntil } from '@convox-builds/testing';

import { type AcceptedBuild, APP, type Bench } from '../bench/bench.js';
import { readStream } from '../bench/follow-log.js';
import { authorization, replicaUrl } from '../bench/rack-client.js';
import { at, type Scenario, wantComplete } from './scenario.js';

/** In the time stamp of gzip's header (RFC 1952, section 2.3): no checksum of gzip's own covers it. */
const UNCHECKED_BYTE = 5;

async function getBuild({ store }: Bench, { id }: AcceptedBuild): Promise<BuildRecord> {
  const build = await store.builds.find(APP, id);
  if (build === undefined) throw new Error(`Cannot find build ${id}`);
  return build;
}

/** Turns one bit of an object on the disk; the same call turns it back. */
async function flipBit({ cluster }: Bench, url: string, position: 'unchecked' | 'middle'): Promise<void> {
  const path = join(cluster.folder, 'objects', url.replace('object://', ''));
  const bytes = await readFile(path);
  const offset = position === 'unchecked' ? UNCHECKED_BYTE : Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
  // In place, and not under a new name: so does a disk.
  await writeFile(path, bytes);
}

/** Resolves when an attempt has ended because the source is not what was uploaded. */
async function waitForRefusal({ store }: Bench, { id }: AcceptedBuild): Promise<void> {
  const isRefused = async () =>
    (await store.attempts.list(id)).some(
      ({ failureClass, reason }) => failureClass === 'platform' && reason.includes('it is not what was stored'),
    );
  await waitUntil(isRefused, { what: `build ${id} is refused, as the rack's own failure` });
}

/** Reads a log in each way that there is, and names those that came to their end. */
async function listWholeReaders({ cluster }: Bench, buildId: string): Promise<string[]> {
  const url = `${replicaUrl(cluster, 0)}/apps/${APP}/builds/${buildId}/logs`;
  const read = async (accept: string): Promise<string> => {
    const response = await fetch(url, { headers: { accept, authorization: authorization(cluster) } });
    if (!response.ok) throw new Error(`${response.status}`);
    return response.text();
  };
  const isSeen = async (reading: Promise<boolean>) => reading.catch(() => false);
  const target = { app: APP, buildId, replica: 0 };
  const socket = readStream(cluster, target, new AbortController().signal);
  return [
    ...((await isSeen(read('text/plain').then(() => true))) ? ['text'] : []),
    ...((await isSeen(read('text/event-stream').then((text) => text.includes('event: end')))) ? ['events'] : []),
    ...((await isSeen(socket.then(({ isWhole }) => isWhole))) ? ['socket'] : []),
  ];
}

/** What somebody might try on a database by hand, of a build that is complete. */
const EDITS = [
  `UPDATE builds SET state = 'running', ended_at = NULL`,
  `UPDATE builds SET attempt = attempt - 1`,
  `UPDATE builds SET images = '{}'`,
  `UPDATE builds SET release_id = 'RAAAAAAAAAA'`,
  `UPDATE releases SET build_id = 'BAAAAAAAAAA'`,
  `UPDATE releases SET manifest = 'services: {}' WHERE is_made_by_build`,
  `INSERT INTO releases (id, app, build_id, is_made_by_build) SELECT 'RAAAAAAAAAA', app, id, true FROM builds LIMIT 1`,
  `UPDATE attempts SET outcome = 'failed'`,
  `UPDATE log_chunks SET bytes = ''`,
];

/** Runs SQL as an administrator would; `false` when the database refuses it. */
async function editByHand({ cluster }: Bench, sql: string): Promise<boolean> {
  const args = ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', `--command=${sql}`, cluster.services.urls.postgres];
  return promisify(execFile)('psql', args).then(
    () => true,
    () => false,
  );
}

/** What was stored is not what is there. */
export const CORRUPTION_SCENARIOS: readonly Scenario[] = [
  {
    row: '52',
    title: 'a bit of an uploaded source turns before it is built: nothing is built of it',
    run: async (bench) => {
      const worker = at(bench.cluster.workers, 0);
      await worker.kill();
      const builds = [await bench.submit(), await bench.submit()];
      const [unchecked, middle] = await Promise.all(builds.map((build) => getBuild(bench, build)));
      await flipBit(bench, unchecked?.source ?? '', 'unchecked');
      await flipBit(bench, middle?.source ?? '', 'middle');
      await worker.start();
      await Promise.all(builds.map((build) => waitForRefusal(bench, build)));
      await flipBit(bench, unchecked?.source ?? '', 'unchecked');
      await flipBit(bench, middle?.source ?? '', 'middle');
    },
    complain: (builds) => [
      ...wantComplete(builds),
      ...builds.filter(({ attempt }) => attempt < 2).map(({ id }) => `build ${id} was built of a changed source`),
    ],
  },
  {
    row: '52a',
    title: 'a bit of a stored log turns: no reader takes it for the whole log',
    run: async (bench) => {
      const build = await bench.submit();
      const logs = async () => (await getBuild(bench, build)).logs;
      await waitUntil(async () => (await logs()) !== '', { what: 'the log is put away' });
      for (const position of ['unchecked', 'middle'] as const) {
        await flipBit(bench, await logs(), position);
        const whole = await listWholeReaders(bench, build.id);
        await flipBit(bench, await logs(), position);
        if (whole.length > 0) throw new Error(`A changed log was served as if it were whole: ${whole.join(', ')}`);
      }
      const whole = await listWholeReaders(bench, build.id);
      if (whole.length < 3) throw new Error(`The mended log came to its end for ${whole.join(', ') || 'nobody'} only`);
    },
  },
  {
    row: '55',
    title: 'rows are edited by hand: the database refuses what never happened',
    run: async (bench) => {
      const build = await bench.submit();
      await waitUntil(async () => (await getBuild(bench, build)).state === 'complete', {
        what: 'the build is complete',
      });
      const running = await bench.submit({ lines: 40, pauseSeconds: 0.25 });
      await bench.waitUntilItRuns(running);
      if (!(await editByHand(bench, 'SELECT 1'))) throw new Error('Cannot edit anything at all');
      for (const edit of EDITS) {
        if (await editByHand(bench, edit)) throw new Error(`The database accepts: ${edit}`);
      }
    },
  },
];
