import type { IncomingMessage } from 'node:http';

import type { PartAddress } from '../http/upload-calls.js';
import { StorageError } from './storage-error.js';

const SILENT_FOR_MS = 60_000;
const MAX_ANSWER_LENGTH = 10_000;

async function readStart(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) if (text.length < MAX_ANSWER_LENGTH) text += String(chunk);
  return text;
}

function parseUrl(url: string): URL {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return new URL(url);
  throw new StorageError('the rack gives no address for the source that can be used');
}

async function exchange(url: URL, { headers }: PartAddress, part: Buffer): Promise<IncomingMessage> {
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'PUT', headers });
    sent.setTimeout(SILENT_FOR_MS, () => sent.destroy(new Error('no answer in time')));
    sent.once('response', resolve).once('error', reject);
    sent.end(part);
  });
}

/**
 * Sends one part to where the rack says.
 *
 * @throws {StorageError} when it is not taken
 */
export async function putPart(address: PartAddress, part: Buffer): Promise<void> {
  const url = parseUrl(address.url);
  const storage = `the rack's object storage at ${url.host}`;
  try {
    const response = await exchange(url, address, part);
    const { statusCode = 500 } = response;
    const text = await readStart(response);
    if (statusCode < 300) return;
    const [, code = ''] = /<Code>([^<]{1,100})<\/Code>/.exec(text) ?? [];
    throw new StorageError(
      `${storage} does not take the source: it answers ${`${statusCode} ${code}`.trim()}`,
      statusCode,
    );
  } catch (error) {
    if (error instanceof StorageError) throw error;
    const { message, code } = error as NodeJS.ErrnoException;
    throw new StorageError(`cannot reach ${storage}: ${message === '' ? code : message}`);
  }
}
