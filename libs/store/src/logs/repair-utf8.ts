import { StringDecoder } from 'node:string_decoder';

/** Makes UTF-8 of any bytes: what is none becomes U+FFFD. Offsets into a log count the bytes that come out here. */
export async function* repairUtf8(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decoder = new StringDecoder('utf8');
  for await (const bytes of content) yield Buffer.from(decoder.write(bytes));
  yield Buffer.from(decoder.end());
}
