import { Readable } from 'node:stream';
import type { TreeEntry } from './read-tree.js';
import { type GitCall, startGit } from './run-git.js';

/** A blob with its content, which has to be read before the next one. */
export interface ReadBlob<Entry> {
  readonly entry: Entry;
  readonly content: AsyncIterable<Buffer>;
}

/** Reads a stream line by line and in exact numbers of bytes. */
class BlobReader {
  readonly #pieces: AsyncIterator<Buffer>;
  #piece: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#pieces = stream[Symbol.asyncIterator]();
  }

  async #more(): Promise<Buffer> {
    const next = await this.#pieces.next();
    if (next.done === true) throw new Error('Cannot read blob: git ended early');
    return next.value;
  }

  async line(): Promise<string> {
    let end = this.#piece.indexOf(0x0a);
    while (end < 0) {
      this.#piece = Buffer.concat([this.#piece, await this.#more()]);
      end = this.#piece.indexOf(0x0a);
    }
    const line = this.#piece.toString('latin1', 0, end);
    this.#piece = this.#piece.subarray(end + 1);
    return line;
  }

  async *bytes(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      if (this.#piece.length === 0) this.#piece = await this.#more();
      const piece = this.#piece.subarray(0, left);
      this.#piece = this.#piece.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
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
  const reader = new BlobReader(git.stdout);
  try {
    for (const entry of entries) {
      const head = await reader.line();
      if (head !== `${entry.id} blob ${entry.size}`)
        throw new Error(`Cannot read blob "${entry.id}": git says ${head}`);
      yield { entry, content: reader.bytes(entry.size) };
      for await (const _end of reader.bytes(1));
    }
    await git.ended;
  } finally {
    git.kill();
  }
}
