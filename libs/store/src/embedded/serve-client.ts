import type { Socket } from 'node:net';

import type { PGlite } from '@electric-sql/pglite';

import { MessageSplitter, type WireMessage } from './split-messages.js';
import type { Turns } from './turns.js';

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;

/** These end a batch: what came before them belongs together and nobody else's messages may come in between. */
const BATCH_END = new Set(['', 'Q', 'S', 'H', 'X', 'c', 'f']);

const IDLE = 'I'.charCodeAt(0);
const READY_FOR_QUERY = 'Z'.charCodeAt(0);

/** The transaction status that the last ReadyForQuery of a reply tells: it is its last six bytes. */
function isIdleAfter(reply: Uint8Array): boolean | undefined {
  const at = reply.length - 6;
  return at >= 0 && reply[at] === READY_FOR_QUERY && reply[at + 4] === 5 ? reply[at + 5] === IDLE : undefined;
}

/**
 * Serves one client of the embedded database. There is one session behind all clients, so that a client keeps its turn
 * for a whole batch and, once it is in a transaction, until the transaction has ended. A client that leaves in the
 * middle of one is rolled back.
 */
export async function serveClient(
  socket: Socket,
  { database, turns }: { database: PGlite; turns: Turns },
): Promise<void> {
  const splitter = new MessageSplitter();
  let batch: Buffer[] = [];
  let endTurn: (() => void) | undefined;

  async function runBatch(): Promise<void> {
    endTurn ??= await turns.take();
    const bytes = Buffer.concat(batch);
    batch = [];
    const reply = await database.execProtocolRaw(bytes);
    if (isIdleAfter(reply) === true) {
      endTurn();
      endTurn = undefined;
    }
    if (!socket.write(reply)) await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
  }

  async function receive({ type, bytes }: WireMessage): Promise<void> {
    if (type === '') {
      const code = bytes.readUInt32BE(4);
      if (code === SSL_REQUEST || code === GSS_REQUEST) {
        splitter.expectFirst();
        socket.write('N');
        return;
      }
      if (code === CANCEL_REQUEST) return void socket.end();
    }
    if (type === 'X') return void socket.end();
    batch.push(bytes);
    if (BATCH_END.has(type)) await runBatch();
  }

  try {
    for await (const chunk of socket) for (const message of splitter.push(chunk)) await receive(message);
  } finally {
    socket.destroy();
    if (endTurn !== undefined) {
      await database.exec('ROLLBACK');
      endTurn();
    }
  }
}
