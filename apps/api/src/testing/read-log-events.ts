import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';

import { AUTHORIZATION } from './start-test-api.js';

/** One server-sent event. */
export interface LogEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

/** Opens an answer that goes on. */
export async function openAnswer(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<IncomingMessage> {
  const request = get({
    host: '127.0.0.1',
    port,
    path,
    headers: { Authorization: AUTHORIZATION, ...headers },
    agent: false,
  });
  const [response] = await once(request, 'response');
  return response;
}

/** Opens a log as events. */
export const openLogEvents = (port: number, path: string, headers: Readonly<Record<string, string>> = {}) =>
  openAnswer(port, path, { Accept: 'text/event-stream', ...headers });

function parseEvent(block: string): LogEvent {
  const fields = new Map(
    block.split('\n').map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)] as const;
    }),
  );
  return { event: fields.get('event') ?? 'message', data: fields.get('data') ?? '', id: fields.get('id') ?? '' };
}

/** Reads events as they come; a stream that is broken off ends. */
export async function* readEvents(response: IncomingMessage): AsyncGenerator<LogEvent> {
  let text = '';
  response.setEncoding('utf8');
  try {
    for await (const piece of response) {
      const blocks = (text + String(piece)).split('\n\n');
      text = blocks.pop() ?? '';
      yield* blocks.filter((block) => !block.startsWith(':')).map(parseEvent);
    }
  } catch {
    // Broken off: the reader has what came.
  }
}

/** The bytes of a log that an event holds. */
export function bytesOfEvent({ event, data }: LogEvent): Buffer {
  if (event === 'bytes') return Buffer.from(data, 'base64');
  return event === 'message' ? Buffer.from(String(JSON.parse(data))) : Buffer.alloc(0);
}
