import { Packet, Packet_PacketType } from '../generated/github.com/tonistiigi/fsutil/types/wire.js';
import type { SessionCaller } from './session-caller.js';

const DIFF_COPY = '/moby.filesync.v1.FileSync/DiffCopy';

const packet = (type: Packet_PacketType, ID = 0) =>
  Packet.encode({ type, ID, data: Buffer.alloc(0), stat: undefined }).finish();

/** What a sync brought: every path that was announced, and the content of the files. */
export interface PulledFiles {
  readonly paths: readonly string[];
  readonly files: ReadonlyMap<string, string>;
}

/** Receives a folder as buildkitd does (tonistiigi/fsutil `receive.go`), without having any of it before. */
export async function pullFiles(
  session: SessionCaller,
  name: string,
  patterns: Readonly<Record<string, readonly string[]>> = {},
): Promise<PulledFiles> {
  const call = session.open(DIFF_COPY, { 'dir-name': [name], ...patterns });
  const paths: string[] = [];
  const asked = new Map<number, Buffer[]>();
  let open = 0;
  let areAllStatsHere = false;
  const finishWhenDone = () => {
    if (areAllStatsHere && open === 0) call.send(packet(Packet_PacketType.PACKET_FIN));
  };
  for await (const message of call.messages) {
    const { type, ID, data, stat } = Packet.decode(message);
    if (type === Packet_PacketType.PACKET_STAT && stat !== undefined) {
      // Only the low nine bits and those that concern us: a file has no bit of another type.
      if (stat.mode < 2 ** 27) {
        asked.set(paths.length, []);
        open++;
        call.send(packet(Packet_PacketType.PACKET_REQ, paths.length));
      }
      paths.push(stat.path);
    } else if (type === Packet_PacketType.PACKET_STAT) {
      areAllStatsHere = true;
      finishWhenDone();
    } else if (type === Packet_PacketType.PACKET_DATA && data.length > 0) asked.get(ID)?.push(data);
    else if (type === Packet_PacketType.PACKET_DATA) {
      open--;
      finishWhenDone();
    } else if (type === Packet_PacketType.PACKET_FIN) break;
  }
  call.end();
  const { status, statusMessage } = await call.ended;
  if (status !== 0) throw new Error(`status ${status}: ${statusMessage}`);
  const files = [...asked].map(([id, pieces]) => [paths[id] ?? '', Buffer.concat(pieces).toString()] as const);
  return { paths, files: new Map(files) };
}
