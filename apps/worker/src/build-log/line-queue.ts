/** Lines that wait to be stored, and come out in chunks. */
export class LineQueue {
  readonly #chunkBytes: number;
  #lines: Buffer[] = [];
  #bytes = 0;

  /** @param chunkBytes a chunk ends with the line that reaches this size */
  constructor(chunkBytes: number) {
    this.#chunkBytes = chunkBytes;
  }

  /** How much waits. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a line; its line end comes by itself. */
  add(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    this.#lines.push(bytes);
    this.#bytes += bytes.length;
  }

  /** The oldest lines, as one chunk; they stay until {@link LineQueue.drop}. */
  peek(): Buffer | undefined {
    let size = 0;
    let count = 0;
    while (count < this.#lines.length && size < this.#chunkBytes) size += this.#lines[count++]?.length ?? 0;
    if (count === 0) return undefined;
    const chunk = Buffer.concat(this.#lines.slice(0, count));
    this.#lines = [chunk, ...this.#lines.slice(count)];
    return chunk;
  }

  /** Forgets the chunk that was peeked last: it is stored. */
  drop(): void {
    this.#bytes -= this.#lines.shift()?.length ?? 0;
  }
}
