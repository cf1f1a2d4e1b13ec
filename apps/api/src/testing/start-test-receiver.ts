import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** What tests look at in what is sent. */
interface PostedJson {
  readonly action?: string;
  readonly status?: string;
  readonly timestamp?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly promotion?: string;
  readonly [name: string]: unknown;
}

/** One request that a receiver got. */
export interface ReceivedPost {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as JSON. */
  readonly json: PostedJson;
}

/** A web server that takes what we send. */
export interface TestReceiver {
  readonly url: string;
  readonly posts: readonly ReceivedPost[];
  readonly stop: () => Promise<void>;
}

/** Starts a receiver; `answer` decides, 200 by default. */
export async function startTestReceiver(
  answer: (post: ReceivedPost, response: ServerResponse) => void = (_post, response) => void response.end('ok'),
): Promise<TestReceiver> {
  const posts: ReceivedPost[] = [];
  const server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString('utf8');
    const post = { path: request.url ?? '', headers: request.headers, body, json: JSON.parse(body) as PostedJson };
    posts.push(post);
    answer(post, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`,
    posts,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Checks a signature as the documents tell receivers to do it. */
export function isSigned({ headers, body }: ReceivedPost, secret: string): boolean {
  const [, time, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['convox-signature'])) ?? [];
  const isFresh = Math.abs(Date.now() / 1000 - Number(time)) < 300;
  return isFresh && createHmac('sha256', secret).update(`${time}.${body}`).digest('hex') === signature;
}
