import { Packet, Packet_PacketType } from '../generated/github.com/tonistiigi/fsutil/types/wire.js';
import { type Attachable, type SessionCall, SessionError } from '../session/attachable.js';
import { type FileEntry, type FileSource, isFile } from './file-source.js';
import { type EntryFilter, filterEntries } from './filter-entries.js';
import { runInSlices } from './run-in-slices.js';

/** Files sent at the same time: enough to hide the reading of one behind the sending of others. */
const FILES_IN_FLIGHT = 32;

/** What no honest source needs for its files to be chosen. */
const MAX_CHOICE_MS = 60_000;

/** What syncing one folder took. */
export interface SyncStats {
  readonly name: string;
  /** Files, folders and links that were announced. */
  readonly entries: number;
  /** Files that buildkitd did not have yet. */
  readonly files: number;
  readonly bytes: number;
}

/** What may be synced. */
export interface FileSyncOptions {
  /** Sources by the name under which the solve asks for them, e.g. `context`. */
  readonly sources: Readonly<Record<string, FileSource>>;
  /** Is told after each sync. */
  readonly onSynced?: (stats: SyncStats) => void;
  /** How long it may take to choose what is sent. Default: what no honest source needs. */
  readonly maxChoiceMs?: number;
}

/** A header's values; non-ASCII ones come in Go's query encoding, and say so in a second header. */
function readMetadata({ metadata }: SessionCall, key: string): readonly string[] {
  const values = metadata.get(key) ?? [];
  if (metadata.get(`${key}-encoded`)?.[0] !== '1') return values;
  return values.map((value) => decodeURIComponent(value.replaceAll('+', ' ')));
}

function statPacket(entry: FileEntry): Uint8Array {
  return Packet.encode({
    type: Packet_PacketType.PACKET_STAT,
    ID: 0,
    data: Buffer.alloc(0),
    stat: {
      path: entry.path,
      mode: entry.mode,
      size: BigInt(entry.size),
      modTime: entry.modTimeNs,
      linkname: entry.linkTarget,
      uid: 0,
      gid: 0,
      devmajor: 0n,
      devminor: 0n,
      xattrs: {},
    },
  }).finish();
}

function packet(type: Packet_PacketType, ID = 0, data: Buffer = Buffer.alloc(0)): Uint8Array {
  return Packet.encode({ type, ID, data, stat: undefined }).finish();
}

/** The sending side of fsutil's protocol (tonistiigi/fsutil `send.go`): all stats, and the files that are asked for. */
class Sender {
  readonly #call: SessionCall;
  readonly #source: FileSource;
  readonly #entries: readonly FileEntry[];
  readonly #asked: number[] = [];
  readonly #running = new Set<Promise<void>>();
  files = 0;
  bytes = 0;

  constructor(call: SessionCall, source: FileSource, entries: readonly FileEntry[]) {
    this.#call = call;
    this.#source = source;
    this.#entries = entries;
  }

  async sendStats(): Promise<void> {
    for (const entry of this.#entries) await this.#call.send(statPacket(entry));
    await this.#call.send(packet(Packet_PacketType.PACKET_STAT));
  }

  ask(id: number): void {
    const entry = this.#entries[id];
    if (entry === undefined || !isFile(entry)) throw new SessionError('internal', `invalid file id ${id}`);
    this.files++;
    this.#asked.push(id);
    if (this.#running.size < FILES_IN_FLIGHT) this.#start();
  }

  async done(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #start(): void {
    const work = this.#sendFiles().finally(() => this.#running.delete(work));
    // Met again in done(); until then it must not end the process.
    work.catch(() => {});
    this.#running.add(work);
  }

  async #sendFiles(): Promise<void> {
    for (let id = this.#asked.shift(); id !== undefined; id = this.#asked.shift()) {
      const entry = this.#entries[id];
      if (entry === undefined) continue;
      for await (const data of this.#source.read(entry)) {
        this.bytes += data.length;
        await this.#call.send(packet(Packet_PacketType.PACKET_DATA, id, data));
      }
      await this.#call.send(packet(Packet_PacketType.PACKET_DATA, id));
    }
  }
}

async function sync(call: SessionCall, sender: Sender): Promise<void> {
  const stats = sender.sendStats();
  stats.catch(() => {});
  for await (const message of call.messages) {
    const { type, ID, data } = Packet.decode(message);
    if (type === Packet_PacketType.PACKET_REQ) sender.ask(ID);
    if (type === Packet_PacketType.PACKET_ERR) throw new SessionError('internal', data.toString('utf8'));
    if (type === Packet_PacketType.PACKET_FIN) {
      await stats;
      await sender.done();
      // The stream has to end right behind this: the other side waits for its end.
      return call.send(packet(Packet_PacketType.PACKET_FIN));
    }
  }
  throw new SessionError('unavailable', 'the daemon broke off');
}

/** Chooses what the daemon asks for. What a stranger wrote must not keep everybody else from the event loop. */
async function chooseEntries(call: SessionCall, source: FileSource, maxMs: number): Promise<readonly FileEntry[]> {
  const filter: EntryFilter = {
    includePatterns: readMetadata(call, 'include-patterns'),
    excludePatterns: readMetadata(call, 'exclude-patterns'),
    followPaths: readMetadata(call, 'followpaths'),
  };
  try {
    return await runInSlices(filterEntries(source, filter), { maxMs, signal: call.signal });
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    const reason = `Cannot choose files by .dockerignore and COPY: ${error.message}`;
    throw new SessionError('invalid-argument', reason, { cause: error });
  }
}

/**
 * Sends files to buildkitd when a solve needs them (moby/buildkit `session/filesync`): it is told of every file and asks
 * for those that its last snapshot of the same shared key does not have.
 */
export function fileSync({ sources, onSynced = () => {}, maxChoiceMs = MAX_CHOICE_MS }: FileSyncOptions): Attachable {
  return {
    methods: {
      '/moby.filesync.v1.FileSync/DiffCopy': async (call) => {
        const [name = ''] = readMetadata(call, 'dir-name');
        const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
        if (source === undefined) throw new SessionError('not-found', `no access allowed to dir "${name}"`);
        const entries = await chooseEntries(call, source, maxChoiceMs);
        const sender = new Sender(call, source, entries);
        await sync(call, sender);
        onSynced({ name, entries: entries.length, files: sender.files, bytes: sender.bytes });
      },
    },
  };
}
