import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** What waits for the disk is written at once: a call for each piece that comes takes longer than all else. */
const WAITING_BYTES = 1024 * 1024;
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOENT: 'no such folder',
  ENOSPC: 'no space left',
  EROFS: 'it is on a read-only file system',
};

function explain(path: string, error: unknown): unknown {
  // Errors of a connection have codes, too, but no file system call.
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error) || 'address' in error) return error;
  return new Error(`cannot write "${path}": ${REASONS[String(error.code)] ?? String(error.code)}`, { cause: error });
}

/** Whether something that is no file is there, e.g. a device: it is written to, and never replaced. */
async function isSpecial(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !found.isFile();
}

/** Writes a file that appears under its name only when all of it is there. */
export async function writeFile(path: string, content: AsyncIterable<Buffer>): Promise<void> {
  const isDirect = await isSpecial(path);
  const target = isDirect ? path : `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    await pipeline(content, createWriteStream(target, { flags: isDirect ? 'w' : 'wx', highWaterMark: WAITING_BYTES }));
    if (!isDirect) await rename(target, path);
  } catch (error) {
    if (!isDirect) await rm(target, { force: true });
    throw explain(path, error);
  }
}
