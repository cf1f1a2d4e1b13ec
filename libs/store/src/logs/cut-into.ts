/** Cuts a stream into pieces of the given sizes, in order; whatever is left over comes as it is. */
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
    held.push(bytes);
    missing -= bytes.length;
  }
}
