import { Readable } from 'node:stream';

import { ByteReader } from '@convox-builds/tar';

import type { TreeEntry } from './read-tree.js';
import { type GitCall, startGit } from './run-git.js';

/** A blob with its content, which has to be read before the next one. */
export interface ReadBlob<Entry> {
  readonly entry: Entry;
  readonly content: AsyncIterable<Buffer>;
}

/** What git writes. Who reads to its end wants more than there is. */
async function* readOutput(stdout: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* stdout;
  throw new Error('Cannot read blob: git ended early');
}

/**
 * Reads blobs in order, as they were committed: no attribute, filter or line ending of the repository's own changes them.
 */
export async function* readBlobs<Entry extends TreeEntry>(
  entries: readonly Entry[],
  call: Omit<GitCall, 'args'>,
): AsyncGenerator<ReadBlob<Entry>> {
  const git = startGit({ ...call, args: ['cat-file', '--batch', '--buffer'] });
  Readable.from(entries.map(({ id }) => `${id}\n`)).pipe(git.stdin);
  const reader = new ByteReader(readOutput(git.stdout));
  try {
    for (const entry of entries) {
      const head = await reader.line();
      if (head !== `${entry.id} blob ${entry.size}`)
        throw new Error(`Cannot read blob "${entry.id}": git says ${head}`);
      yield { entry, content: reader.pieces(entry.size) };
      await reader.read(1);
    }
    await git.ended;
  } finally {
    git.kill();
  }
}
