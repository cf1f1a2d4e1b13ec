/** A message of the Postgres wire protocol, version 3: with its type, or the untyped first one of a connection. */
export interface WireMessage {
  /** One letter, e.g. `Q`; `''` for a first message. */
  readonly type: string;
  /** All of it, header included. */
  readonly bytes: Buffer;
}

/** No client of ours sends more in one message; what claims to is garbage. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/**
 * Cuts a byte stream into protocol messages (PostgreSQL documentation, "Message Formats"): a type letter, then the length
 * as a big-endian 32-bit number that counts itself. The first message of a connection has no letter.
 */
export class MessageSplitter {
  #rest: Buffer = Buffer.alloc(0);
  #isFirst = true;

  /** @throws {RangeError} when a length makes no sense */
  push(bytes: Buffer): WireMessage[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const messages: WireMessage[] = [];
    for (let message = this.#take(); message !== undefined; message = this.#take()) messages.push(message);
    return messages;
  }

  /** The next message has no type: a client that was refused encryption starts again. */
  expectFirst(): void {
    this.#isFirst = true;
  }

  #take(): WireMessage | undefined {
    const header = this.#isFirst ? 0 : 1;
    if (this.#rest.length < header + 4) return undefined;
    const length = this.#rest.readUInt32BE(header);
    if (length < 4 || length > MAX_MESSAGE_BYTES) throw new RangeError(`message of ${length} bytes`);
    if (this.#rest.length < header + length) return undefined;
    const bytes = this.#rest.subarray(0, header + length);
    const type = this.#isFirst ? '' : String.fromCharCode(bytes[0] ?? 0);
    this.#rest = this.#rest.subarray(header + length);
    this.#isFirst = false;
    return { type, bytes };
  }
}
