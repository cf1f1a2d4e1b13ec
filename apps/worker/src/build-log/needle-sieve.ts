/** The shortest needle that the sieve can hold. */
export const MIN_NEEDLE_LENGTH = 4;

const SLOTS_PER_NEEDLE = 256;
const MAX_SLOTS = 1 << 20;

const pairAt = (text: string, at: number): number => ((text.charCodeAt(at) << 8) ^ text.charCodeAt(at + 1)) & 0xffff;

function slotAt(text: string, at: number): number {
  const first = (text.charCodeAt(at) << 16) ^ text.charCodeAt(at + 1);
  const second = (text.charCodeAt(at + 2) << 16) ^ text.charCodeAt(at + 3);
  const mixed = Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

/**
 * Tells quickly of most texts that none of the needles is in them. Of the first four units of a needle, one of its first
 * three pairs falls on every third place of the text: only these are looked at, and what they let through by all four.
 */
export class NeedleSieve {
  readonly #pairs = new Uint8Array(65_536);
  readonly #starts: Uint8Array;

  /** @param needles each of at least {@link MIN_NEEDLE_LENGTH} units */
  constructor(needles: readonly string[]) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(1, needles.length) * SLOTS_PER_NEEDLE));
    this.#starts = new Uint8Array(Math.min(slots, MAX_SLOTS));
    for (const needle of needles) {
      for (const at of [0, 1, 2]) this.#pairs[pairAt(needle, at)] = 1;
      this.#starts[slotAt(needle, 0) & (this.#starts.length - 1)] = 1;
    }
  }

  /** `false`: no needle is in the text. */
  mayContain(text: string): boolean {
    const last = text.length - MIN_NEEDLE_LENGTH;
    for (let at = 0; at <= last + 2; at += 3) {
      if (this.#pairs[pairAt(text, at)] === 1 && this.#mayStartBefore(text, Math.min(at, last), at - 2)) return true;
    }
    return false;
  }

  #mayStartBefore(text: string, from: number, to: number): boolean {
    const mask = this.#starts.length - 1;
    for (let at = from; at >= to && at >= 0; at--) if (this.#starts[slotAt(text, at) & mask] === 1) return true;
    return false;
  }
}
