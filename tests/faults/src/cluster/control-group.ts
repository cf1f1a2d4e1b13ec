import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { waitUntil } from '@convox-builds/testing';

const ROOT = '/sys/fs/cgroup';

/** What may be limited. */
export type Controller = 'memory' | 'pids';

/** A limit on processes, and on all that they start, in containers, too. */
export interface ControlGroup {
  /** Bytes of memory, or how many processes and threads; `max`: as many as there are. */
  readonly limit: (limit: number | 'max') => Promise<void>;
  /** How much it had at most at one time, in the limit's unit. */
  readonly readPeak: () => Promise<number>;
  /** Writes a program that runs another one in the group. */
  readonly writeLauncher: (path: string, program: string) => Promise<void>;
  /** Waits until its processes have ended, and removes it. */
  readonly remove: () => Promise<void>;
}

/** Where groups are, and what their files are called. */
interface Hierarchy {
  readonly root: string;
  readonly limitFile: string;
  readonly noLimit: string;
  readonly peakFile: string;
  /** One hierarchy for all controllers (cgroup v2): a group that has groups below it has no processes itself. */
  readonly isShared: boolean;
}

/** Each controller has a hierarchy of its own (cgroup v1), or all share one. */
function hierarchyOf(controller: Controller): Hierarchy {
  const own = join(ROOT, controller);
  const isShared = !existsSync(own);
  const root = isShared ? ROOT : own;
  if (controller === 'memory' && !isShared) {
    const files = { limitFile: 'memory.limit_in_bytes', peakFile: 'memory.max_usage_in_bytes' };
    return { root, ...files, noLimit: '-1', isShared };
  }
  return { root, limitFile: `${controller}.max`, peakFile: `${controller}.peak`, noLimit: 'max', isShared };
}

/** Removes a group with those below it; not while one has a process. */
async function isRemoved(group: string): Promise<boolean> {
  const entries = await readdir(group, { withFileTypes: true, recursive: true });
  const below = entries.filter((entry) => entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
  try {
    for (const folder of [group, ...below].sort((a, b) => b.length - a.length)) await rmdir(folder);
    return true;
  } catch {
    return false;
  }
}

/**
 * What runs in the group sees it as the root of the hierarchy, as everything in a pod does: runc makes the groups of its
 * containers below that root.
 */
const launcherOf = (program: string, { home, group, root }: { home: string; group: string; root: string }) =>
  `#!/bin/sh
echo 0 > ${home}/cgroup.procs
exec unshare --cgroup --mount sh -c 'mount --bind ${group} ${root} && exec ${program} "$@"' sh "$@"
`;

/** Makes an empty group without a limit. */
export async function createControlGroup(controller: Controller, name: string): Promise<ControlGroup> {
  const { root, limitFile, noLimit, peakFile, isShared } = hierarchyOf(controller);
  const group = join(root, name);
  const home = isShared ? join(group, 'daemon') : group;
  await mkdir(home, { recursive: true });
  if (isShared) await writeFile(join(group, 'cgroup.subtree_control'), `+${controller}`);
  return {
    limit: (limit) => writeFile(join(group, limitFile), limit === 'max' ? noLimit : String(limit)),
    readPeak: async () => Number(await readFile(join(group, peakFile), 'utf8')),
    writeLauncher: async (path, program) => {
      await rm(path, { force: true });
      await writeFile(path, launcherOf(program, { home, group, root }));
      await chmod(path, 0o755);
    },
    remove: () => waitUntil(() => isRemoved(group), { what: `the processes of control group ${name} have ended` }),
  };
}
