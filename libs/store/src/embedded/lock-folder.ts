import { readFileSync, unlinkSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** When a process began, in clock ticks since the boot (proc(5), field 22); tells a pid's new owner from the old one. */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

async function findOwner(lockFile: string): Promise<number | undefined> {
  const [pid = '', started = ''] = (await readFile(lockFile, 'utf8').catch(() => '')).trim().split(' ');
  return pid !== '' && startTime(Number(pid)) === started ? Number(pid) : undefined;
}

/**
 * Makes a folder this process's own, until it ends. The lock of a process that is gone is taken over.
 *
 * @returns a function that gives the folder up
 * @throws {Error} when a living process has it
 */
export async function lockFolder(folder: string): Promise<() => void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lockFile = join(folder, 'lock');
  const mine = `${lockFile}.${process.pid}`;
  await writeFile(mine, `${process.pid} ${startTime(process.pid)}\n`);
  try {
    for (;;) {
      try {
        // A link appears whole or not at all, and only one can have the name.
        await link(mine, lockFile);
        return () => unlinkSync(lockFile);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      const owner = await findOwner(lockFile);
      if (owner !== undefined) {
        throw new Error(
          `Cannot use folder "${folder}": process ${owner} is using it; stop that first, or name another folder`,
        );
      }
      await rm(lockFile, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}
