import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { findFreePort } from './free-port.js';
import { spawnService } from './spawn-service.js';
import { searchPath } from './tools.js';
import { waitUntil } from './wait-until.js';

const run = promisify(execFile);
const SSHD = '/usr/sbin/sshd';

/** A pair of keys, as `ssh-keygen` makes them. */
export interface TestSshKey {
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA…` */
  readonly publicKey: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
}

/** A real sshd that lets one key in, as the user who runs the test. */
export interface TestSshServer {
  readonly port: number;
  /** By which the server is known. */
  readonly hostKey: TestSshKey;
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/** Makes a pair of keys. */
export async function createSshKey(folder: string, name: string, passphrase = ''): Promise<TestSshKey> {
  const path = join(folder, name);
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'test', '-f', path]);
  const [type, key] = (await readFile(`${path}.pub`, 'utf8')).split(' ');
  const { stdout } = await run('ssh-keygen', ['-lf', `${path}.pub`]);
  return {
    privateKey: await readFile(path, 'utf8'),
    publicKey: `${type} ${key}`,
    fingerprint: stdout.split(' ')[1] ?? '',
  };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Starts an sshd on loopback, with a host key of its own. Programs in `bin` of the folder come before the machine's. */
export async function startSshServer(folder: string, allowed: TestSshKey): Promise<TestSshServer> {
  const port = await findFreePort();
  const hostKey = await createSshKey(folder, `host-key-${port}`);
  const authorised = join(folder, `authorised-${port}`);
  await writeFile(authorised, `${allowed.publicKey}\n`, { mode: 0o600 });
  // Where sshd separates its privileges; packages make it when the machine starts.
  await mkdir('/run/sshd', { recursive: true });
  const settings = {
    ListenAddress: `127.0.0.1:${port}`,
    HostKey: join(folder, `host-key-${port}`),
    AuthorizedKeysFile: authorised,
    PidFile: 'none',
    StrictModes: 'no',
    UsePAM: 'no',
    PasswordAuthentication: 'no',
    PermitRootLogin: 'yes',
    SetEnv: `PATH=${join(folder, 'bin')}:${searchPath()}`,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const service = await spawnService(SSHD, ['-D', '-e', '-f', '/dev/null', ...options]);
  await waitUntil(() => isListening(port), { what: `sshd is up: ${service.output()}` });
  return { port, hostKey, output: service.output, stop: () => service.stop('SIGKILL') };
}
