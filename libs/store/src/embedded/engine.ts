import { PGlite } from '@electric-sql/pglite';

const READY_FOR_QUERY = 'Z'.charCodeAt(0);
const IDLE = 'I'.charCodeAt(0);

/** ReadyForQuery ends every reply; its last byte is the transaction's status ("Message Formats"). */
const READY_BYTES = 6;

/** Version 3.0 (PostgreSQL documentation, "StartupMessage"). */
const PROTOCOL_VERSION = 196608;

const QUERY = 'Q'.charCodeAt(0);
const ROLLBACK = Buffer.from('Q\0\0\0\rROLLBACK\0');
const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);

function createStartupMessage(): Buffer {
  const text = ['user', 'postgres', 'database', 'postgres', 'client_encoding', 'UTF8', '', ''].join('\0');
  const message = Buffer.alloc(8 + text.length);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(PROTOCOL_VERSION, 4);
  message.write(text, 8);
  return message;
}

/** Whether the reply to these messages ends with ReadyForQuery, whatever is in them. PGlite swallows its own crashes. */
function mustEndReady(messages: Uint8Array): boolean {
  return messages[0] === QUERY || SYNC.equals(messages.subarray(-SYNC.length));
}

interface Opened {
  readonly database: PGlite;
  readonly greeting: Buffer;
}

async function openDatabase(folder: string): Promise<Opened> {
  const database = await PGlite.create({ dataDir: folder });
  // Only ours is ever passed on: one that Postgres refuses would end it.
  return { database, greeting: Buffer.from(await database.execProtocolRaw(createStartupMessage())) };
}

/**
 * The database itself: one session. When it breaks down (what ends a server's process ends all of it) it is opened again,
 * and recovers as a server does after a crash: what was committed is there.
 */
export class Engine {
  readonly #folder: string;
  #opened: Promise<Opened>;

  constructor(folder: string) {
    this.#folder = folder;
    this.#opened = openDatabase(folder);
  }

  /** What every new client is told: settings of the server, and that it is ready. */
  async greet(): Promise<Buffer> {
    return (await this.#get()).greeting;
  }

  /**
   * Runs whole messages of the wire protocol and passes the reply on, piece by piece; errors of SQL are in it.
   *
   * @returns whether the session is outside of a transaction now
   * @throws {Error} when the database broke down over it; the next call finds it open again
   */
  async run(messages: Uint8Array, onReply: (piece: Buffer) => void): Promise<boolean> {
    const { database } = await this.#get();
    let tail: Uint8Array = Buffer.alloc(0);
    const onRawData = (reply: Uint8Array) => {
      // A copy: PGlite uses the same memory for the next piece.
      const piece = Buffer.from(reply);
      // A piece may end anywhere.
      tail = Buffer.concat([tail, piece.subarray(-READY_BYTES)]).subarray(-READY_BYTES);
      onReply(piece);
    };
    try {
      // Not execProtocolRaw(): that parses every reply and keeps the rows.
      await database.execProtocolRawStream(messages, { onRawData });
      const isReady = tail[0] === READY_FOR_QUERY;
      if (!isReady && mustEndReady(messages)) throw new Error('it gave no answer');
      return isReady && tail[READY_BYTES - 1] === IDLE;
    } catch (error) {
      this.#opened = openDatabase(this.#folder);
      // Whoever is next gets to know.
      this.#opened.catch(() => {});
      throw new Error('the embedded database broke down and is opened again', { cause: error });
    }
  }

  /** Undoes what a client left unfinished. */
  async rollBack(): Promise<void> {
    // After an error the session ignores everything up to a Sync.
    await this.run(SYNC, () => {});
    await this.run(ROLLBACK, () => {});
  }

  async close(): Promise<void> {
    await (await this.#get()).database.close();
  }

  async #get(): Promise<Opened> {
    try {
      return await this.#opened;
    } catch {
      // It could not be opened, perhaps for want of space. Perhaps there is some now.
      this.#opened = openDatabase(this.#folder);
      return this.#opened;
    }
  }
}
