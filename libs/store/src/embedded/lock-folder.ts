import { readFileSync, rmSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** `lock.<pid>.<start>`: no other process, earlier or later, ever has the same name. */
const LOCK_NAME = /^lock\.(\d+)\.(\d+)$/;

/** States of a process that has ended, and whose parent has not looked yet (proc(5), field 3). */
const ENDED = ['Z', 'X'];

/** When a process began, in clock ticks since the boot (proc(5), field 22): tells a pid's new owner from the old one. */
function findStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ENDED.includes(state) ? undefined : fields[18];
  } catch {
    return undefined;
  }
}

/** Where there is no /proc, a pid alone has to do. */
function isAlive(pid: number, start: string): boolean {
  if (start !== '0') return findStartTime(pid) === start;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function findOtherOwner(folder: string, mine: string): Promise<number | undefined> {
  for (const name of await readdir(folder)) {
    const [, pid, start] = LOCK_NAME.exec(name) ?? [];
    if (pid === undefined || start === undefined || name === mine) continue;
    if (isAlive(Number(pid), start)) return Number(pid);
    await rm(join(folder, name), { force: true });
  }
  return undefined;
}

function refuse(folder: string, pid: number): never {
  throw new Error(`Cannot use folder "${folder}": process ${pid} is using it; stop that first, or name another folder`);
}

/**
 * Makes a folder this process's own, until it ends. The lock of a process that is gone is taken over.
 *
 * Each process writes its own file and then looks for those of others: of two that start together at least one sees the
 * other, so that never both have the folder (they may both be refused). Processes in other containers are not seen.
 *
 * @returns a function that gives the folder up
 * @throws {Error} when a living process has it
 */
export async function lockFolder(folder: string): Promise<() => void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const mine = `lock.${process.pid}.${findStartTime(process.pid) ?? '0'}`;
  const unlock = () => rmSync(join(folder, mine), { force: true });
  try {
    await writeFile(join(folder, mine), '', { flag: 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') refuse(folder, process.pid);
    throw error;
  }
  try {
    const owner = await findOtherOwner(folder, mine);
    if (owner !== undefined) refuse(folder, owner);
  } catch (error) {
    unlock();
    throw error;
  }
  return unlock;
}
