/** Lines that wait to be stored, and come out in chunks. */
export class LineQueue {
  readonly #chunkBytes: number;
  #waiting: { readonly text: string; readonly bytes: number }[] = [];
  #chunk: Buffer | undefined;
  #bytes = 0;

  /** @param chunkBytes a chunk ends with the text that reaches this size */
  constructor(chunkBytes: number) {
    this.#chunkBytes = chunkBytes;
  }

  /** How much waits. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a line, or several with line ends between them; the last one's comes by itself. */
  add(text: string): void {
    const bytes = Buffer.byteLength(text) + 1;
    this.#waiting.push({ text, bytes });
    this.#bytes += bytes;
  }

  /** The oldest lines, as one chunk; it stays the same until {@link LineQueue.drop}. */
  peek(): Buffer | undefined {
    let size = 0;
    let count = 0;
    if (this.#chunk !== undefined) return this.#chunk;
    while (count < this.#waiting.length && size < this.#chunkBytes) size += this.#waiting[count++]?.bytes ?? 0;
    if (count === 0) return undefined;
    const texts = this.#waiting.splice(0, count).map(({ text }) => text);
    this.#chunk = Buffer.from(`${texts.join('\n')}\n`);
    return this.#chunk;
  }

  /** Forgets the chunk that was peeked last: it is stored. */
  drop(): void {
    this.#bytes -= this.#chunk?.length ?? 0;
    this.#chunk = undefined;
  }
}
