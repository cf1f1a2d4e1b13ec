import { createRequire } from 'node:module';
import { join } from 'node:path';

import { createEncryptionKey } from '@convox-builds/store';
import { findFreePort, listProcesses, type Service, searchPath, spawnService, waitUntil } from '@convox-builds/testing';

import type { ClusterSettings } from './cluster-settings.js';
import { createMember, type Fault, type Member } from './member.js';
import { type Wires, wiredEnvironment } from './wires.js';

const START_WITHIN_MS = 60_000;
/** What everything of one test run is encrypted with. */
const ENCRYPTION_KEY = createEncryptionKey();

/** The build daemon that the workers of a cluster run: a link, which a scenario may put something else in the place of. */
export const buildkitdOf = (folder: string) => join(folder, 'buildkitd');

/** A process of ours. */
export interface OurMember extends Member {
  readonly wires: Wires;
  /** Ends it politely, and starts this version in its place. */
  readonly upgrade: () => Promise<void>;
}

/** An api replica. */
export interface ApiMember extends OurMember {
  readonly url: string;
}

/** A worker with a buildkitd of its own. */
export interface WorkerMember extends OurMember {
  /** The processes of its buildkitd: what holds it, and itself. */
  readonly findBuildkitd: () => readonly number[];
  /** Kills its buildkitd, as the kernel would for want of memory, or tells it to end. */
  readonly killBuildkitd: (signal?: NodeJS.Signals) => void;
}

/** What a process of ours is made with. */
export interface OurOptions {
  readonly name: string;
  /** The folder of the whole cluster. */
  readonly folder: string;
  readonly wires: Wires;
  readonly settings: ClusterSettings;
  /** The environment by which it finds objects. */
  readonly objects: Readonly<Record<string, string>>;
}

/** What is started. */
interface Program {
  readonly app: 'api' | 'worker';
  readonly main: 'main-with-faults' | 'main-on-paper';
  readonly environment: Readonly<Record<string, string>>;
}

async function launch(path: string, { app, environment }: Program, fault: Fault | undefined): Promise<Service> {
  const env = {
    PATH: searchPath(),
    LOG_LEVEL: 'info',
    ...environment,
    ...(fault === undefined ? {} : { FAULT: fault }),
  };
  const service = await spawnService(process.execPath, ['--enable-source-maps', path], { env });
  let isOver = false;
  void service.exited.then(() => {
    isOver = true;
  });
  const isReady = () => isOver || service.output().includes(app === 'api' ? 'Api ready' : 'Worker ready');
  await waitUntil(isReady, { timeoutMs: START_WITHIN_MS, what: `${app} is ready` });
  if (isOver && fault === undefined) throw new Error(`Cannot start ${app}: ${service.output()}`);
  return service;
}

function createOurMember(program: Program, { name, wires, settings }: OurOptions): OurMember {
  const { app, main } = program;
  const find = (version: string) =>
    join(createRequire(version).resolve(`@convox-builds/${app}/package.json`), `../dist/testing/${main}.js`);
  let path = find(settings.previous === undefined ? import.meta.url : join(settings.previous, 'package.json'));
  const member = createMember(name, (fault) => launch(path, program, fault));
  const upgrade = async () => {
    await member.kill('SIGTERM');
    path = find(import.meta.url);
    await member.start();
  };
  return { ...member, wires, upgrade };
}

/** Makes an api replica that does not run yet. */
export async function createApiMember(options: OurOptions): Promise<ApiMember> {
  const { wires, settings, objects } = options;
  const port = await findFreePort();
  const environment = {
    ...objects,
    ...wiredEnvironment(wires),
    HOST: '127.0.0.1',
    PORT: String(port),
    RACK_NAME: 'faults',
    RACK_PASSWORD: settings.password,
    ENCRYPTION_KEY,
    MAX_LOST_WORKERS: String(settings.maxLostWorkers),
  };
  const member = createOurMember({ app: 'api', main: 'main-with-faults', environment }, options);
  return { ...member, url: `http://127.0.0.1:${port}` };
}

/** Makes a worker that does not run yet. */
export function createWorkerMember(options: OurOptions): WorkerMember {
  const { name, folder, wires, settings, objects } = options;
  const main = settings.isOnPaper ? 'main-on-paper' : 'main-with-faults';
  const workerFolder = join(folder, name);
  const environment = {
    ...objects,
    ...wiredEnvironment(wires),
    WORKER_NAME: name,
    WORKER_FOLDER: workerFolder,
    ENCRYPTION_KEY,
    BUILDKITD: buildkitdOf(folder),
    REGISTRY_PLAIN_HTTP: 'true',
    BUILD_SLOTS: String(settings.slots),
    MIN_FREE_DISK_BYTES: String(settings.minFreeDiskBytes),
    LOG_LIMIT_BYTES: String(settings.logLimitBytes),
    GIT_ALLOWED_NETWORKS: '127.0.0.0/8',
    LEASE_SECONDS: String(settings.leaseSeconds),
    DRAIN_GRACE_SECONDS: String(settings.drainGraceSeconds),
    // A fence of its own for each worker takes seconds and iptables; what it keeps out is tested in apps/rack.
    RUN_NETWORK: 'host',
  };
  const member = createOurMember({ app: 'worker', main, environment }, options);
  const findBuildkitd = () =>
    listProcesses(workerFolder)
      .filter(({ commandLine }) => commandLine.includes('buildkitd --config'))
      .map(({ pid }) => pid);
  const killBuildkitd: WorkerMember['killBuildkitd'] = (signal = 'SIGKILL') => {
    for (const pid of findBuildkitd()) process.kill(pid, signal);
  };
  return { ...member, findBuildkitd, killBuildkitd };
}
