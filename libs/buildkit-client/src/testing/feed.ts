/** Takes what is fed; a stream of gRPC does. */
export interface FeedReader<T> {
  write(item: T): unknown;
  end(): unknown;
}

/** Items by key, for readers that come before, between or after them. */
export class Feed<T> {
  readonly #items = new Map<string, T[]>();
  readonly #readers = new Map<string, FeedReader<T>[]>();
  readonly #ended = new Set<string>();

  add(key: string, item: T): void {
    this.#items.set(key, [...(this.#items.get(key) ?? []), item]);
    for (const reader of this.#readers.get(key) ?? []) reader.write(item);
  }

  /** Nothing follows any more. */
  end(key: string): void {
    this.#ended.add(key);
    for (const reader of this.#readers.get(key) ?? []) reader.end();
    this.#readers.delete(key);
  }

  follow(key: string, reader: FeedReader<T>): void {
    for (const item of this.#items.get(key) ?? []) reader.write(item);
    if (this.#ended.has(key)) reader.end();
    else this.#readers.set(key, [...(this.#readers.get(key) ?? []), reader]);
  }
}
