import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { type Check, failed, ok } from '@convox-builds/doctor';

const run = promisify(execFile);

/** What decides whether a process may make namespaces, read from this machine. */
export interface ConfinementFacts {
  readonly uid: number;
  /** How many user namespaces there may be (`user.max_user_namespaces`); `undefined` where the kernel has no limit. */
  readonly maxUserNamespaces: number | undefined;
  /** The AppArmor profile of this process, e.g. `docker-default (enforce)`; `''` without one. */
  readonly appArmor: string;
  /** Whether AppArmor keeps user namespaces from all that have no profile for them (Ubuntu 24.04). */
  readonly isUserNamespaceRestricted: boolean;
}

async function readFact(path: string): Promise<string> {
  return (await readFile(path, 'utf8').catch(() => '')).replaceAll('\0', '').trim();
}

async function readFacts(): Promise<ConfinementFacts> {
  const max = await readFact('/proc/sys/user/max_user_namespaces');
  return {
    uid: process.getuid?.() ?? 0,
    maxUserNamespaces: max === '' ? undefined : Number(max),
    appArmor: await readFact('/proc/self/attr/current'),
    isUserNamespaceRestricted: (await readFact('/proc/sys/kernel/apparmor_restrict_unprivileged_userns')) === '1',
  };
}

/** Says why namespaces cannot be made, and what to do: the likeliest cause, since the kernel says only that it may not. */
export function explainConfinement(facts: ConfinementFacts): string {
  const { uid, maxUserNamespaces, appArmor, isUserNamespaceRestricted } = facts;
  if (maxUserNamespaces === 0)
    return 'this host allows no user namespaces: set user.max_user_namespaces to 10000, or run the worker privileged';
  if (uid !== 0 && isUserNamespaceRestricted)
    return 'AppArmor keeps user namespaces from this process: set kernel.apparmor_restrict_unprivileged_userns to 0, or run the worker privileged';
  if (uid !== 0)
    return `the worker runs as user ${uid}: run it as root, in a privileged container or in a user namespace`;
  if (appArmor.endsWith('(enforce)'))
    return `the AppArmor profile ${appArmor.replace(' (enforce)', '')} forbids it: run the worker privileged or with the profile Unconfined`;
  return 'the container is not privileged: run it privileged, or in a user namespace (worker.mode of the chart)';
}

/** This process may make the namespaces and mounts that its build daemon lives in. */
export function checkConfinement(searchPath: string): Check {
  return {
    name: 'namespaces',
    run: async () => {
      try {
        await run('unshare', ['--pid', '--fork', '--mount-proc', '--', 'true'], { env: { PATH: searchPath } });
        return ok('can be made');
      } catch (error) {
        const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
        return failed(`none can be made (${said}): ${explainConfinement(await readFacts())}`);
      }
    },
  };
}
