/**
 * Cuts a stream into pieces of the given sizes, in order; whatever is left over comes as it is, and of a stream that is
 * too short, the last piece is what there was.
 */
export async function* cutInto(content: AsyncIterable<Buffer>, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let next = 0;
  let held: Buffer[] = [];
  let missing = sizes[0];
  for await (let bytes of content) {
    while (missing !== undefined && bytes.length >= missing) {
      yield Buffer.concat([...held, bytes.subarray(0, missing)]);
      bytes = bytes.subarray(missing);
      held = [];
      missing = sizes[++next];
    }
    if (missing === undefined) {
      if (bytes.length > 0) yield bytes;
      continue;
    }
    if (bytes.length > 0) held.push(bytes);
    missing -= bytes.length;
  }
  if (held.length > 0) yield Buffer.concat(held);
  for (; held.length === 0 && missing === 0; missing = sizes[++next]) yield Buffer.alloc(0);
}
