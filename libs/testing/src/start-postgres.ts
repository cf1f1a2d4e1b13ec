import { execFile } from 'node:child_process';
import { chown, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { type Service, spawnService } from './spawn-service.js';
import { createTemporaryFolder } from './temporary-folder.js';
import { waitUntil } from './wait-until.js';

const run = promisify(execFile);
const DEBIAN_FOLDER = '/usr/lib/postgresql';

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

/** Starts the real Postgres on a Unix socket. It does not wait for the disk: its data is gone after the test. */
export async function startPostgres(): Promise<TestPostgres> {
  const programs = await findPrograms();
  const uid = await findUser();
  const folder = await createTemporaryFolder();
  const data = join(folder.path, 'data');
  await mkdir(data, { mode: 0o700 });
  if (uid !== undefined) for (const path of [folder.path, data]) await chown(path, uid, 0);
  const as = uid === undefined ? [] : ['--reuid', String(uid), '--clear-groups'];
  const initdb = [join(programs, 'initdb'), '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
  await run('setpriv', [...as, '--', ...initdb], { cwd: folder.path });
  const settings = [
    '-k',
    folder.path,
    '-c',
    'listen_addresses=',
    '-c',
    'fsync=off',
    '-c',
    'lc_messages=C',
    '-c',
    'max_connections=200',
  ];
  const service = await spawnService(join(programs, 'postgres'), ['-D', data, ...settings], {
    cwd: folder.path,
    ...(uid === undefined ? {} : { uid }),
  });
  // Its socket is there before it answers.
  const isUp = () => service.output().includes('ready to accept connections');
  await waitUntil(isUp, { what: 'postgres is up' });
  return {
    url: `postgres:///postgres?host=${encodeURIComponent(folder.path)}&user=postgres`,
    service,
    stop: async () => {
      // An immediate stop: nothing is kept.
      await service.stop('SIGQUIT');
      await folder.remove();
    },
  };
}
