import { TarError } from './tar-error.js';

const LINE_FEED = 0x0a;

/** Reads exact numbers of bytes from a stream that comes in pieces of any size. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #piece: Buffer = Buffer.alloc(0);
  /** Bytes that were read so far. */
  position = 0;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async #next(): Promise<Buffer> {
    const next = await this.#source.next();
    if (next.done === true) throw new TarError('corrupt', 'it is cut off');
    return next.value;
  }

  /** Yields the next `length` bytes as they come. */
  async *pieces(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      if (this.#piece.length === 0) this.#piece = await this.#next();
      const piece = this.#piece.subarray(0, left);
      this.#piece = this.#piece.subarray(piece.length);
      this.position += piece.length;
      left -= piece.length;
      yield piece;
    }
  }

  /** Reads the next `length` bytes; keep it small. */
  async read(length: number): Promise<Buffer> {
    if (this.#piece.length >= length) {
      const bytes = this.#piece.subarray(0, length);
      this.#piece = this.#piece.subarray(length);
      this.position += length;
      return bytes;
    }
    const pieces: Buffer[] = [];
    for await (const piece of this.pieces(length)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** Reads a line of ASCII, without its end. */
  async line(): Promise<string> {
    let length = this.#piece.indexOf(LINE_FEED);
    while (length < 0) {
      this.#piece = Buffer.concat([this.#piece, await this.#next()]);
      length = this.#piece.indexOf(LINE_FEED);
    }
    return (await this.read(length + 1)).toString('latin1', 0, length);
  }

  /** The next `length` bytes, which stay to be read; fewer at the end of the stream. Keep it small. */
  async peek(length: number): Promise<Buffer> {
    while (this.#piece.length < length) {
      const next = await this.#source.next();
      if (next.done === true) break;
      this.#piece = this.#piece.length === 0 ? next.value : Buffer.concat([this.#piece, next.value]);
    }
    return this.#piece.subarray(0, length);
  }

  /** Yields all that is left, as it comes. */
  async *rest(): AsyncGenerator<Buffer> {
    try {
      while ((await this.peek(1)).length > 0) yield* this.pieces(this.#piece.length);
    } finally {
      this.close();
    }
  }

  /** Reads `length` bytes and throws them away. */
  async skip(length: number): Promise<void> {
    for await (const _piece of this.pieces(length));
  }

  /** Tells the source that no more is wanted; what it fails with then is nobody's business. */
  close(): void {
    this.#source.return?.().catch(() => {});
  }

  /** Reads on to the end and throws all of it away, so that damage at the end of the stream is noticed. */
  async drain(): Promise<void> {
    this.#piece = Buffer.alloc(0);
    while ((await this.#source.next()).done !== true);
  }
}
