import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { migrateStore } from '@convox-builds/store';
import { createTemporaryFolder, findTool } from '@convox-builds/testing';

import type { Cluster } from './cluster.js';
import type { ClusterSettings } from './cluster-settings.js';
import type { Fault } from './member.js';
import { buildkitdOf, createApiMember, createWorkerMember, type OurMember } from './our-processes.js';
import { startServices } from './services.js';
import { layWires, removeWires } from './wires.js';

const run = promisify(execFile);

/** What a cluster consists of. */
export interface ClusterOptions extends Partial<ClusterSettings> {
  /** How many of each; default one. */
  readonly apis?: number;
  readonly workers?: number;
  /** Built into the first api. */
  readonly apiFault?: Fault;
  /** Built into the first worker. */
  readonly workerFault?: Fault;
}

const SETTINGS = {
  leaseSeconds: 4,
  drainGraceSeconds: 5,
  slots: 4,
  maxLostWorkers: 2,
  logLimitBytes: 100_000_000,
  isOnS3: false,
  isOnPaper: false,
  minFreeDiskBytes: 200_000_000,
};

async function createEach<T>(count: number, create: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => create(index + 1)));
}

/** Makes the tables of this version, or of the one in a folder. */
async function migrate(url: string, previous: string | undefined): Promise<void> {
  if (previous === undefined) {
    await migrateStore(url);
    return;
  }
  const code = "import { migrateStore } from '@convox-builds/store'; await migrateStore(process.env.URL)";
  await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: previous, env: { URL: url } });
}

/** Starts a whole rack, process by process, every connection of ours through a proxy. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { apis: apiCount = 1, workers: workerCount = 1, apiFault, workerFault, ...given } = options;
  const password = `canary-${randomBytes(12).toString('hex')}`;
  const settings: ClusterSettings = { ...SETTINGS, password, ...given };
  const temporary = await createTemporaryFolder();
  const folder = temporary.path;
  await symlink(findTool('buildkitd'), buildkitdOf(folder));
  const services = await startServices(settings);
  const objects = services.s3?.environment ?? { OBJECTS_FOLDER: join(folder, 'objects') };
  const ours: OurMember[] = [];
  const stop = async () => {
    await Promise.all(ours.map((member) => member.kill()));
    await Promise.all(ours.map(({ wires }) => removeWires(wires)));
    await services.stop();
    await temporary.remove();
  };
  try {
    await migrate(services.urls.postgres, settings.previous);
    const apis = await createEach(apiCount, async (index) =>
      createApiMember({ name: `api-${index}`, folder, wires: await layWires(services), settings, objects }),
    );
    const workers = await createEach(workerCount, async (index) =>
      createWorkerMember({ name: `worker-${index}`, folder, wires: await layWires(services), settings, objects }),
    );
    ours.push(...apis, ...workers);
    await Promise.all(apis.map((api, index) => api.start(index === 0 ? apiFault : undefined)));
    await Promise.all(workers.map((worker, index) => worker.start(index === 0 ? workerFault : undefined)));
    const s3 = services.s3 === undefined ? [] : [services.s3.member];
    const members = [services.postgres, services.redis, services.registry, ...s3, ...ours];
    return { folder, settings, services, objects, apis, workers, members, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
