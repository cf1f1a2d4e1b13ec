import type { Writable } from 'node:stream';

/** Writes, and resolves when more may come: what a slow reader has not taken is not read for it. */
export async function writePatiently(target: Writable, content: string | Buffer): Promise<void> {
  if (content.length === 0 || target.destroyed || target.write(content)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      target.off('drain', done).off('close', done);
      resolve();
    };
    target.on('drain', done).on('close', done);
  });
}
