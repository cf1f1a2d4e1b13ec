import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createBuildkitClient } from '../control/buildkit-client.js';
import { getInfo } from '../control/info.js';
import { type DaemonProxy, proxyVariables } from './daemon-proxy.js';
import { type DaemonLog, openDaemonLog } from './open-daemon-log.js';

const START_TIMEOUT_MS = 30_000;
/** Unix allows 107 bytes for the path of a socket. */
const TRACE_SUFFIX = '.trace';
const MAX_SOCKET_PATH_BYTES = 107 - TRACE_SUFFIX.length;

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The line of its log that says why, if there is one. */
  readonly reason: string | undefined;
}

/** A buildkitd that this process started. */
export interface Buildkitd {
  /** For {@link createBuildkitClient}. */
  readonly address: string;
  /** Resolves when the daemon has ended, with everything that it ran. */
  readonly exited: Promise<ProcessExit>;
  /** Ends it: politely, and after `graceMs` by force. Cancel running solves first. */
  readonly stop: (options: { graceMs: number }) => Promise<void>;
}

/** What to start. */
export interface BuildkitdOptions {
  /** The buildkitd program: a path, or a name to be found in PATH. */
  readonly binary: string;
  /** The daemon's own folder: its cache is kept here. One daemon at a time. */
  readonly stateFolder: string;
  /** See {@link renderBuildkitdConfig}. */
  readonly configToml: string;
  /** Where the daemon and its helpers (runc, the CNI plugins' iptables) look for programs: the value of `PATH`. */
  readonly searchPath: string;
  /** What it goes through to registries and sources; default nothing. */
  readonly proxy?: DaemonProxy | undefined;
  /** Gives up the start; of a daemon that is up it means nothing. */
  readonly signal?: AbortSignal;
}

/** A private place for the socket: in the state folder, or in a temporary one where that path is too long. */
async function prepareSocket(stateFolder: string): Promise<string> {
  const near = join(stateFolder, 'buildkitd.sock');
  const hash = createHash('sha256').update(stateFolder).digest('hex').slice(0, 16);
  const socket =
    Buffer.byteLength(near) <= MAX_SOCKET_PATH_BYTES ? near : join(tmpdir(), `buildkitd-${hash}`, 'buildkitd.sock');
  await mkdir(join(socket, '..'), { recursive: true, mode: 0o700 });
  await rm(socket, { force: true });
  return socket;
}

/**
 * The daemon runs in a PID namespace of its own, so that nothing which it starts outlives it, and it is killed when this
 * process dies, however that happens.
 */
function confine(command: readonly string[]): [string, string[]] {
  const confinement = [
    '--pdeathsig',
    'KILL',
    '--',
    'unshare',
    '--pid',
    '--fork',
    '--kill-child=KILL',
    '--mount-proc',
    '--',
  ];
  return ['setpriv', [...confinement, ...command]];
}

async function waitForEnd(child: ChildProcess, log: DaemonLog): Promise<ProcessExit> {
  const exit = await new Promise<Omit<ProcessExit, 'reason'>>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const reason = await log.findReason().catch(() => undefined);
  await log.close();
  return { ...exit, reason };
}

interface StartingDaemon {
  readonly address: string;
  readonly log: DaemonLog;
  readonly exited: Promise<ProcessExit>;
}

async function waitUntilUp({ address, log, exited }: StartingDaemon, signal: AbortSignal | undefined): Promise<void> {
  const client = createBuildkitClient({ address });
  const ended = exited.then(async ({ reason }) => {
    throw new Error(`Cannot start buildkitd: it ended at once: ${reason ?? (await log.lastLines())}`);
  });
  try {
    await Promise.race([getInfo(client, { waitMs: START_TIMEOUT_MS, signal }), ended]);
  } finally {
    ended.catch(() => {});
    client.close();
  }
}

/** The daemon itself is the one child of `unshare`, which would not pass a signal on. */
async function signalDaemon(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').catch(() => '');
  for (const pid of children.trim().split(' ').filter(Boolean)) process.kill(Number(pid), signal);
}

/**
 * Starts a buildkitd on a socket of its own and waits until it answers. Its log is `buildkitd.log` in the state folder, of
 * all its runs, and never becomes large. BuildKit's clipping of step logs is off: limits are the caller's.
 *
 * @throws {Error} when it does not come up, with the reason that its log gives; nothing of it is left then
 */
export async function startBuildkitd(options: BuildkitdOptions): Promise<Buildkitd> {
  const { binary, stateFolder, configToml, searchPath, proxy, signal } = options;
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  const socket = await prepareSocket(stateFolder);
  const address = `unix://${socket}`;
  // The default is one path for all daemons of a machine, which they take from each other.
  const traceSocket = `${socket}${TRACE_SUFFIX}`;
  const configFile = join(stateFolder, 'buildkitd.toml');
  await writeFile(configFile, configToml, { mode: 0o600 });
  const log = await openDaemonLog(join(stateFolder, 'buildkitd.log'));
  const [command, args] = confine([
    binary,
    '--config',
    configFile,
    '--root',
    join(stateFolder, 'root'),
    '--addr',
    address,
    '--otel-socket-path',
    traceSocket,
  ]);
  const child = spawn(command, args, {
    stdio: ['ignore', log.fd, log.fd],
    env: {
      PATH: searchPath,
      HOME: stateFolder,
      BUILDKIT_STEP_LOG_MAX_SIZE: '-1',
      BUILDKIT_STEP_LOG_MAX_SPEED: '-1',
      ...(proxy === undefined ? {} : proxyVariables(proxy)),
    },
  });
  await once(child, 'spawn').catch(async (error: unknown) => {
    await log.close();
    throw error;
  });
  const exited = waitForEnd(child, log);
  try {
    await waitUntilUp({ address, log, exited }, signal);
    // The daemon mounts it into each RUN step as long as it is there: a way from every build into the daemon.
    await rm(traceSocket, { force: true });
  } catch (error) {
    child.kill('SIGKILL');
    await exited;
    throw error;
  }
  return {
    address,
    exited,
    stop: async ({ graceMs }) => {
      const force = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await signalDaemon(child, 'SIGTERM');
      await exited;
      clearTimeout(force);
    },
  };
}
