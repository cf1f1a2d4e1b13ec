/**
 * The automaton of Aho and Corasick ("Efficient string matching", 1975) over UTF-16 units: it reads a text once, however
 * many needles there are. Its states are numbers, 0 is the start. Children are lists: long needles have one each.
 */
export class NeedleTrie {
  readonly #unit: Uint16Array;
  readonly #firstChild: Int32Array;
  readonly #sibling: Int32Array;
  readonly #fallback: Int32Array;
  readonly #longest: Int32Array;
  readonly #fromStart = new Int32Array(65_536);
  #size = 1;

  constructor(needles: readonly string[]) {
    const capacity = needles.reduce((sum, { length }) => sum + length, 1);
    this.#unit = new Uint16Array(capacity);
    this.#firstChild = new Int32Array(capacity);
    this.#sibling = new Int32Array(capacity);
    this.#fallback = new Int32Array(capacity);
    this.#longest = new Int32Array(capacity);
    for (const needle of needles) this.#insert(needle);
    this.#link();
  }

  /** The state after one more unit of the text. */
  next(state: number, unit: number): number {
    for (let from = state; from !== 0; from = this.#fallback[from] ?? 0) {
      const child = this.#child(from, unit);
      if (child !== 0) return child;
    }
    return this.#fromStart[unit] ?? 0;
  }

  /** The length of the longest needle that ends in a state; 0 when none does. */
  longestAt(state: number): number {
    return this.#longest[state] ?? 0;
  }

  #child(state: number, unit: number): number {
    let child = this.#firstChild[state] ?? 0;
    while (child !== 0 && this.#unit[child] !== unit) child = this.#sibling[child] ?? 0;
    return child;
  }

  #insert(needle: string): void {
    let state = 0;
    for (let at = 0; at < needle.length; at++) {
      const unit = needle.charCodeAt(at);
      const child = state === 0 ? (this.#fromStart[unit] ?? 0) : this.#child(state, unit);
      state = child === 0 ? this.#add(state, unit) : child;
    }
    this.#longest[state] = needle.length;
  }

  #add(parent: number, unit: number): number {
    const child = this.#size++;
    this.#unit[child] = unit;
    this.#sibling[child] = this.#firstChild[parent] ?? 0;
    this.#firstChild[parent] = child;
    if (parent === 0) this.#fromStart[unit] = child;
    return child;
  }

  /** Level by level, since a fallback is always nearer to the start. */
  #link(): void {
    const order = new Int32Array(this.#size);
    let known = 1;
    for (let at = 0; at < known; at++) {
      const state = order[at] ?? 0;
      for (let child = this.#firstChild[state] ?? 0; child !== 0; child = this.#sibling[child] ?? 0) {
        order[known++] = child;
        if (state !== 0) this.#linkChild(state, child);
      }
    }
  }

  #linkChild(state: number, child: number): void {
    const fallback = this.next(this.#fallback[state] ?? 0, this.#unit[child] ?? 0);
    this.#fallback[child] = fallback;
    this.#longest[child] = Math.max(this.longestAt(child), this.longestAt(fallback));
  }
}
