/** A message of the Postgres wire protocol, version 3: with its type, or the untyped first one of a connection. */
export interface WireMessage {
  /** One letter, e.g. `Q`; `''` for a first message. */
  readonly type: string;
  /** All of it, header included. */
  readonly bytes: Buffer;
}

/** No client of ours sends more in one message; what claims to is garbage. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** A type and a length. */
const HEADER_BYTES = 5;

/**
 * Cuts a byte stream into protocol messages (PostgreSQL documentation, "Message Formats"): a type letter, then the length
 * as a big-endian 32-bit number that counts itself. The first message of a connection has no letter.
 */
export class MessageSplitter {
  #chunks: Buffer[] = [];
  #held = 0;
  #needed = 0;
  #isFirst = true;

  /**
   * Takes the next bytes; returns the messages that are whole now.
   *
   * @throws {RangeError} when a length makes no sense
   */
  push(bytes: Buffer): WireMessage[] {
    this.#chunks.push(bytes);
    this.#held += bytes.length;
    // Joined only when there is enough: a large message would otherwise be copied once for every piece of it.
    if (this.#held < this.#needed) return [];
    let rest = Buffer.concat(this.#chunks, this.#held);
    const messages: WireMessage[] = [];
    for (let message = this.#first(rest); message !== undefined; message = this.#first(rest)) {
      messages.push(message);
      rest = rest.subarray(message.bytes.length);
    }
    this.#chunks = [rest];
    this.#held = rest.length;
    return messages;
  }

  /** The next message has no type: a client that was refused encryption starts again. */
  expectFirst(): void {
    this.#isFirst = true;
  }

  #first(bytes: Buffer): WireMessage | undefined {
    const header = this.#isFirst ? 0 : 1;
    this.#needed = HEADER_BYTES;
    if (bytes.length < HEADER_BYTES) return undefined;
    const length = bytes.readUInt32BE(header);
    if (length < 4 || length > MAX_MESSAGE_BYTES) throw new RangeError(`message of ${length} bytes`);
    this.#needed = header + length;
    if (bytes.length < this.#needed) return undefined;
    const type = this.#isFirst ? '' : String.fromCharCode(bytes[0] ?? 0);
    this.#isFirst = false;
    return { type, bytes: bytes.subarray(0, this.#needed) };
  }
}
