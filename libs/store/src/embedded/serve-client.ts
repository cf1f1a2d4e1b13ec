import type { Socket } from 'node:net';

import type { PGlite } from '@electric-sql/pglite';

import { MessageSplitter, type WireMessage } from './split-messages.js';
import type { Turns } from './turns.js';

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;

/** These end a batch: what came before them belongs together and nobody else's messages may come in between. */
const BATCH_END = new Set(['', 'Q', 'S', 'H', 'c', 'f']);

const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);
const IDLE = 'I'.charCodeAt(0);
const READY_FOR_QUERY = 'Z'.charCodeAt(0);

/** What the clients of one database share. */
export interface SharedDatabase {
  readonly database: PGlite;
  readonly turns: Turns;
  /** How long a client may keep its turn without saying anything. */
  readonly idleInTransactionMs: number;
}

/** Whether the session is outside of a transaction: the last ReadyForQuery, a reply's last six bytes, tells. */
function isIdleAfter(reply: Uint8Array): boolean {
  const at = reply.length - 6;
  return at >= 0 && reply[at] === READY_FOR_QUERY && reply[at + 4] === 5 && reply[at + 5] === IDLE;
}

async function write(socket: Socket, reply: Uint8Array): Promise<void> {
  if (socket.destroyed || socket.write(reply)) return;
  await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
}

/** One client's use of the database: whole batches, and nobody else's in the middle of its transaction. */
class ClientTurn {
  readonly #socket: Socket;
  readonly #shared: SharedDatabase;
  #endTurn: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, shared: SharedDatabase) {
    this.#socket = socket;
    this.#shared = shared;
  }

  async run(batch: Buffer): Promise<void> {
    clearTimeout(this.#timer);
    this.#endTurn ??= await this.#shared.turns.take();
    // Nobody waits for the answer any more.
    if (this.#socket.destroyed) return;
    const reply = await this.#shared.database.execProtocolRaw(batch);
    if (isIdleAfter(reply)) this.#give();
    else this.#timer = setTimeout(() => this.#socket.destroy(), this.#shared.idleInTransactionMs);
    await write(this.#socket, reply);
  }

  /** Undoes what was not finished, for whoever is next. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#endTurn === undefined) return;
    try {
      // After an error the session ignores everything up to a Sync.
      await this.#shared.database.execProtocolRaw(SYNC);
      await this.#shared.database.exec('ROLLBACK');
    } finally {
      this.#give();
    }
  }

  #give(): void {
    this.#endTurn?.();
    this.#endTurn = undefined;
  }
}

/**
 * Serves one client of the embedded database. There is one session behind all clients, so that a client keeps its turn
 * for a whole batch and, once it is in a transaction, until the transaction has ended. A client that leaves in the
 * middle of one, or is silent there for too long, is rolled back.
 */
export async function serveClient(socket: Socket, shared: SharedDatabase): Promise<void> {
  const splitter = new MessageSplitter();
  const turn = new ClientTurn(socket, shared);
  let batch: Buffer[] = [];

  async function receive({ type, bytes }: WireMessage): Promise<void> {
    const code = type === '' ? bytes.readUInt32BE(4) : undefined;
    if (code === SSL_REQUEST || code === GSS_REQUEST) {
      splitter.expectFirst();
      return write(socket, Buffer.from('N'));
    }
    if (code === CANCEL_REQUEST || type === 'X') return void socket.end();
    batch.push(bytes);
    if (!BATCH_END.has(type)) return;
    const whole = Buffer.concat(batch);
    batch = [];
    await turn.run(whole);
  }

  try {
    for await (const chunk of socket) for (const message of splitter.push(chunk)) await receive(message);
  } finally {
    socket.destroy();
    await turn.end();
  }
}
