import { StringDecoder } from 'node:string_decoder';

import { sanitiseLine } from '@convox-builds/domain';

/** A line that is longer is sanitised in pieces. */
const MAX_LINE_LENGTH = 64 * 1024;

const sanitise = (text: string) => Buffer.from(text.split('\n').map(sanitiseLine).join('\n'));

/** Makes the log of a stranger safe for every client, line by line. One that is safe comes out as it was. */
export async function* sanitiseLog(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decoder = new StringDecoder('utf8');
  let held = '';
  for await (const bytes of content) {
    const text = held + decoder.write(bytes);
    const lineEnd = text.lastIndexOf('\n') + 1;
    const end = lineEnd === 0 && text.length > MAX_LINE_LENGTH ? text.length : lineEnd;
    held = text.slice(end);
    if (end > 0) yield sanitise(text.slice(0, end));
  }
  yield sanitise(held + decoder.end());
}
