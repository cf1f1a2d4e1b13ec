import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

/** How a server tells of one object. */
type Describe = (oid: string) => object;

/** The side of Git LFS that gives out objects (git-lfs, `docs/api/batch.md`, `basic-transfers.md`). */
export interface TestLfs {
  readonly answer: (request: IncomingMessage, answer: ServerResponse) => boolean;
  /** Stores a content; answers the pointer to it. */
  readonly add: (content: Buffer) => string;
  /** Gives out something else for what was added. */
  readonly replace: (content: Buffer, other: Buffer) => void;
  /** Tells of objects in another way than by their own address here. */
  readonly describe: (describe: Describe) => void;
  /** Answers batches so. */
  readonly failBatches: (status: number) => void;
  /** Paths of the objects that were asked for. */
  readonly seen: readonly string[];
  readonly batches: () => number;
}

const idOf = (content: Buffer) => createHash('sha256').update(content).digest('hex');

/** Makes a store of objects that answers for a git server. */
export function createTestLfs(): TestLfs {
  const objects = new Map<string, Buffer>();
  const seen: string[] = [];
  let batches = 0;
  let failure = 200;
  let describe: Describe | undefined;

  async function answerBatch(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    batches++;
    if (failure !== 200) return void answer.writeHead(failure).end();
    const asked = (await json(request)) as { objects: { oid: string; size: number }[] };
    const origin = `${'encrypted' in request.socket ? 'https' : 'http'}://${request.headers.host}`;
    const own: Describe = (oid) =>
      objects.has(oid)
        ? { actions: { download: { href: `${origin}/lfs-objects/${oid}` } } }
        : { error: { code: 404, message: 'gone' } };
    const answers = asked.objects.map((object) => ({ ...object, ...(describe ?? own)(object.oid) }));
    answer.writeHead(200, { 'content-type': 'application/vnd.git-lfs+json' });
    answer.end(JSON.stringify({ transfer: 'basic', objects: answers }));
  }

  return {
    seen,
    batches: () => batches,
    add: (content) => {
      objects.set(idOf(content), content);
      return `version https://git-lfs.github.com/spec/v1\noid sha256:${idOf(content)}\nsize ${content.length}\n`;
    },
    replace: (content, other) => void objects.set(idOf(content), other),
    describe: (next) => {
      describe = next;
    },
    failBatches: (status) => {
      failure = status;
    },
    answer: (request, answer) => {
      const { url = '' } = request;
      if (url.endsWith('/info/lfs/objects/batch')) void answerBatch(request, answer);
      else if (url.startsWith('/lfs-objects/')) {
        seen.push(url);
        answer.end(objects.get(url.slice('/lfs-objects/'.length)));
      } else return false;
      return true;
    },
  };
}
