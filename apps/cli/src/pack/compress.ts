import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { constants, deflateRawSync, gzip } from 'node:zlib';

const compressMember = promisify(gzip);

/** Fast rather than small: most racks are near, and the compression is what takes the time. */
const LEVEL = 1;
const SAMPLE_BYTES = 16 * 1024;
/** Pictures, archives and the like: deflating them takes longest and saves nothing. */
const INCOMPRESSIBLE_RATIO = 0.9;

function isCompressible(chunk: Buffer): boolean {
  const start = Math.max(0, Math.floor((chunk.length - SAMPLE_BYTES) / 2));
  const sample = chunk.subarray(start, start + SAMPLE_BYTES);
  return deflateRawSync(sample, { level: LEVEL }).length < sample.length * INCOMPRESSIBLE_RATIO;
}

/**
 * Compresses chunks, each to a gzip member of its own (RFC 1952 §2.2: members simply follow each other), on as many
 * threads as there are, in order. What does not get smaller is stored.
 */
export async function* compress(chunks: Iterable<Buffer>): AsyncGenerator<Buffer> {
  const running: Promise<Buffer>[] = [];
  for (const chunk of chunks) {
    const level = isCompressible(chunk) ? LEVEL : constants.Z_NO_COMPRESSION;
    const member = compressMember(chunk, { level });
    // Met again when it is its turn; until then it must not end the process.
    member.catch(() => {});
    running.push(member);
    if (running.length > availableParallelism()) yield (await running.shift()) ?? Buffer.alloc(0);
  }
  yield* running;
}
