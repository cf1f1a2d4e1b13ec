import { execFile } from 'node:child_process';
import { chown, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { type Service, spawnService } from './spawn-service.js';
import { createTemporaryFolder } from './temporary-folder.js';
import { waitUntil } from './wait-until.js';

const run = promisify(execFile);
const DEBIAN_FOLDER = '/usr/lib/postgresql';

/** What it ends with as long as a query of one that was killed runs on: that keeps the memory they shared. */
const IS_STILL_USED = 'pre-existing shared memory block';
const RETRY_MS = 100;

/** A Postgres of a test's own. */
export interface TestPostgres {
  readonly url: string;
  readonly service: Service;
  readonly stop: () => Promise<void>;
}

async function findPrograms(): Promise<string> {
  const versions = await readdir(DEBIAN_FOLDER).catch(() => []);
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (newest !== undefined) return join(DEBIAN_FOLDER, newest, 'bin');
  const { stdout } = await run('sh', ['-c', 'dirname "$(readlink -f "$(command -v initdb)")"']);
  return stdout.trim();
}

/** Postgres refuses to run as root: then somebody else has to. */
async function findUser(): Promise<number | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = await readFile('/etc/passwd', 'utf8');
  return Number(/^(?:postgres|nobody):[^:]*:(\d+)/m.exec(users)?.[1] ?? 65_534);
}

/** Waits until it answers, or has ended. */
async function isUp({ output, exited }: Service): Promise<boolean> {
  let hasEnded = false;
  void exited.then(() => {
    hasEnded = true;
  });
  // Its socket is there before it answers.
  await waitUntil(() => hasEnded || output().includes('ready to accept connections'), { what: 'postgres is up' });
  return !hasEnded;
}

/** A database on disk that can be started, killed, and started again. */
export interface PreparedPostgres {
  readonly url: string;
  /** Starts it and waits until it answers. */
  readonly start: () => Promise<Service>;
  readonly remove: () => Promise<void>;
}

/**
 * Makes an empty database, on a Unix socket, or on a port of loopback for whoever puts something in between. It does not
 * wait for the disk: it survives being killed, not a power cut.
 *
 * @param settings of `postgresql.conf`
 */
export async function preparePostgres({
  port,
  settings: given = {},
}: {
  port?: number;
  settings?: Readonly<Record<string, string>>;
} = {}): Promise<PreparedPostgres> {
  const programs = await findPrograms();
  const uid = await findUser();
  const folder = await createTemporaryFolder();
  const data = join(folder.path, 'data');
  await mkdir(data, { mode: 0o700 });
  if (uid !== undefined) for (const path of [folder.path, data]) await chown(path, uid, 0);
  const as = uid === undefined ? [] : ['--reuid', String(uid), '--clear-groups'];
  const initdb = [join(programs, 'initdb'), '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
  await run('setpriv', [...as, '--', ...initdb], { cwd: folder.path });
  const settings = {
    listen_addresses: port === undefined ? '' : '127.0.0.1',
    port: String(port ?? 5432),
    fsync: 'off',
    lc_messages: 'C',
    max_connections: '200',
    ...given,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const socket = `postgres:///postgres?host=${encodeURIComponent(folder.path)}&user=postgres`;
  const options = { cwd: folder.path, ...(uid === undefined ? {} : { uid }) };
  const start = async (): Promise<Service> => {
    const service = await spawnService(join(programs, 'postgres'), ['-D', data, '-k', folder.path, ...args], options);
    if (await isUp(service)) return service;
    if (!service.output().includes(IS_STILL_USED)) throw new Error(`Cannot start postgres: ${service.output()}`);
    await sleep(RETRY_MS);
    return start();
  };
  return {
    url: port === undefined ? socket : `postgres://postgres@127.0.0.1:${port}/postgres`,
    start,
    remove: folder.remove,
  };
}

/** Starts the real Postgres on a Unix socket. */
export async function startPostgres(): Promise<TestPostgres> {
  const { url, start, remove } = await preparePostgres();
  const service = await start();
  return {
    url,
    service,
    stop: async () => {
      // An immediate stop: nothing is kept.
      await service.stop('SIGQUIT');
      await remove();
    },
  };
}
