import type { Socket } from 'node:net';

import type { Engine } from './engine.js';
import { MessageSplitter, type WireMessage } from './split-messages.js';
import type { Turns } from './turns.js';

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const PROTOCOL_MAJOR = 3;

/** Everything a client may send (PostgreSQL documentation, "Message Formats"); to get anything else ends the database. */
const CLIENT_MESSAGES = new Set(['Q', 'P', 'B', 'D', 'E', 'C', 'F', 'S', 'H', 'd', 'c', 'f']);

/** These end a batch: what came before them belongs together and nobody else's messages may come in between. */
const BATCH_END = new Set(['Q', 'F', 'S', 'H', 'c', 'f']);

/** What the clients of one database share. */
export interface SharedDatabase {
  readonly engine: Engine;
  readonly turns: Turns;
  /** How long a client may keep its turn without saying anything. */
  readonly idleInTransactionMs: number;
}

/** A slow client holds up itself, after its turn. */
async function untilDrained(socket: Socket): Promise<void> {
  if (socket.destroyed || !socket.writableNeedDrain) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
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
    const isIdle = await this.#answer(batch);
    if (isIdle) this.#give();
    else this.#timer = setTimeout(() => this.#socket.destroy(), this.#shared.idleInTransactionMs);
    await untilDrained(this.#socket);
  }

  /** The pieces of a reply come one right after the other, and small: they are sent together. */
  async #answer(batch: Buffer): Promise<boolean> {
    this.#socket.cork();
    try {
      return await this.#shared.engine.run(batch, (piece) => this.#socket.write(piece));
    } finally {
      this.#socket.uncork();
    }
  }

  /** Undoes what was not finished, for whoever is next. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#endTurn === undefined) return;
    try {
      await this.#shared.engine.rollBack();
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

  async function greet(code: number): Promise<void> {
    if (code === SSL_REQUEST || code === GSS_REQUEST) {
      splitter.expectFirst();
      return void socket.write('N');
    }
    if (code >>> 16 !== PROTOCOL_MAJOR) return void socket.end();
    socket.write(await shared.engine.greet());
  }

  async function receive({ type, bytes }: WireMessage): Promise<void> {
    if (type === '') return greet(bytes.readUInt32BE(4));
    if (type === 'X') return void socket.end();
    if (!CLIENT_MESSAGES.has(type)) throw new RangeError(`message of type ${JSON.stringify(type)}`);
    batch.push(bytes);
    if (!BATCH_END.has(type)) return;
    const whole = Buffer.concat(batch);
    batch = [];
    await turn.run(whole);
  }

  try {
    const chunks: AsyncIterable<Buffer> = socket;
    for await (const chunk of chunks) for (const message of splitter.push(chunk)) await receive(message);
  } finally {
    socket.destroy();
    await turn.end();
  }
}
