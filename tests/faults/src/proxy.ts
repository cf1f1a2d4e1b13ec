import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a proxy does to every piece that passes. */
export interface Weather {
  readonly delayMs?: number;
  /** Added to the delay, at random, up to this. */
  readonly jitterMs?: number;
  readonly bytesPerSecond?: number;
  /** What comes goes on in pieces of this size. */
  readonly sliceBytes?: number;
}

/** A wire between two parts that can be damaged while it is in use. Each damage lasts until {@link Proxy.heal}. */
export interface Proxy {
  readonly port: number;
  readonly slow: (weather: Weather) => void;
  /** Resets the connections that there are, and tells how many; new ones are let through. */
  readonly cut: () => number;
  /** Resets the connections that there are and every new one. */
  readonly refuse: () => void;
  /** A black hole: connections are accepted, and nothing comes or goes. What was sent comes out when it heals. */
  readonly freeze: () => void;
  /** A black hole for ever, for the connections that there are; new ones are let through. So fails over what says no goodbye. */
  readonly silence: () => void;
  readonly heal: () => void;
  /** Leads new connections to another port, also after it has healed. */
  readonly leadTo: (port: number) => void;
  readonly close: () => Promise<void>;
}

const RESET_WITHIN_MS = 100;

function pauseIn({ delayMs = 0, jitterMs = 0, bytesPerSecond = Number.POSITIVE_INFINITY }: Weather, bytes: number) {
  return delayMs + jitterMs * Math.random() + (bytes / bytesPerSecond) * 1000;
}

/** Resets a connection. Node first sends what is still waiting, and a peer that is frozen takes nothing. */
function reset(socket: Socket): void {
  socket.resetAndDestroy();
  setTimeout(() => socket.destroy(), RESET_WITHIN_MS);
}

/** A door that is open or shut, and can be waited at. */
function createDoor() {
  let opened = Promise.resolve();
  let open = () => {};
  return {
    shut: () => {
      open();
      opened = new Promise((resolve) => {
        open = resolve;
      });
    },
    open: () => open(),
    passed: () => opened,
  };
}

/** What stands between the two ends of a connection. */
interface Wire {
  readonly door: ReturnType<typeof createDoor>;
  /** How long a piece of this size takes. */
  readonly pauseMs: (bytes: number) => number;
  readonly sliceBytes: () => number;
}

function* slice(bytes: Buffer, size: number): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function forward(from: Socket, to: Socket, { door, pauseMs, sliceBytes }: Wire): Promise<void> {
  for await (const chunk of from) {
    const bytes = chunk as Buffer;
    const ms = pauseMs(bytes.length);
    if (ms > 0) await sleep(ms);
    await door.passed();
    for (const piece of slice(bytes, sliceBytes())) {
      if (!to.write(piece)) await once(to, 'drain');
      // A packet of its own for each.
      await new Promise(setImmediate);
    }
  }
  await door.passed();
  to.end();
}

/** Passes everything on both ways. Whoever breaks off, breaks off both. */
async function join(client: Socket, server: Socket, wire: Wire): Promise<void> {
  client.once('close', () => server.destroy());
  server.once('close', () => client.destroy());
  await Promise.all([forward(client, server, wire), forward(server, client, wire)]).catch(() => {
    client.destroy();
    server.destroy();
  });
}

/** Starts a TCP proxy on loopback. */
export async function startProxy(firstTarget: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let target = firstTarget;
  let weather: Weather = {};
  let isRefusing = false;
  let door = createDoor();
  const pauseMs: Wire['pauseMs'] = (bytes) => pauseIn(weather, bytes);
  const sliceBytes = () => weather.sliceBytes ?? Number.POSITIVE_INFINITY;

  function track(socket: Socket): Socket {
    sockets.add(socket.setNoDelay(true));
    return socket.on('error', () => {}).once('close', () => sockets.delete(socket));
  }

  async function accept(client: Socket): Promise<void> {
    if (isRefusing) return reset(client);
    await door.passed();
    if (client.destroyed) return;
    const server = track(connect({ port: target, host: '127.0.0.1', allowHalfOpen: true }));
    await join(client, server, { door, pauseMs, sliceBytes });
  }

  const cut = () => {
    const { size } = sockets;
    for (const socket of sockets) reset(socket);
    return size;
  };
  const listener = createServer({ allowHalfOpen: true }, (client) => void accept(track(client)));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    slow: (next) => {
      weather = next;
    },
    cut,
    refuse: () => {
      isRefusing = true;
      cut();
    },
    freeze: () => door.shut(),
    silence: () => {
      door.shut();
      door = createDoor();
    },
    heal: () => {
      weather = {};
      isRefusing = false;
      door.open();
    },
    leadTo: (port) => {
      target = port;
    },
    close: async () => {
      door.open();
      const closed = once(listener, 'close');
      listener.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
