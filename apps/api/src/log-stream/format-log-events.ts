import { isUtf8 } from 'node:buffer';

/** A character of UTF-8 has four bytes at most (RFC 3629): so many may be missing at the end of a piece. */
const MAX_UNFINISHED_BYTES = 3;

/** One server-sent event (HTML, section 9.2); its text has no line ends. */
export function formatEvent(fields: Readonly<Record<string, string | number>>): string {
  return `${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')}\n`;
}

/** How many bytes at the end are the beginning of a character. */
function unfinishedLength(bytes: Buffer): number {
  for (let length = 1; length <= Math.min(MAX_UNFINISHED_BYTES, bytes.length); length++) {
    const byte = bytes[bytes.length - length] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return wanted > length ? length : 0;
  }
  return 0;
}

/**
 * Turns a log into events: `id` is the offset behind the event's bytes, `data` the text as a JSON string. Bytes that are
 * no UTF-8 (a reader may begin inside of a character) come as base64 in an event named `bytes`.
 */
export class LogEvents {
  #offset: number;
  #held = Buffer.alloc(0);

  /** @param offset of the first byte that comes */
  constructor(offset: number) {
    this.#offset = offset;
  }

  /** The offset behind what was given out. */
  get offset(): number {
    return this.#offset;
  }

  /** The events of some more bytes; the beginning of a character waits for its end. */
  push(bytes: Buffer): string {
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const end = all.length - unfinishedLength(all);
    this.#held = Buffer.from(all.subarray(end));
    return this.#format(all.subarray(0, end));
  }

  /** The events of what is left. */
  end(): string {
    const last = this.#format(this.#held);
    this.#held = Buffer.alloc(0);
    return last;
  }

  #format(bytes: Buffer): string {
    if (bytes.length === 0) return '';
    this.#offset += bytes.length;
    const id = this.#offset;
    if (isUtf8(bytes)) return formatEvent({ id, data: JSON.stringify(bytes.toString('utf8')) });
    return formatEvent({ id, event: 'bytes', data: bytes.toString('base64') });
  }
}
