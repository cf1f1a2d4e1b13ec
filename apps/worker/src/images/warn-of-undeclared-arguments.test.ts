import test, { type ExecutionContext } from 'ava';

import type { WorkerParts } from '../worker-parts.js';
import type { ImageToBuild } from './image-to-build.js';
import { warnOfUndeclaredArguments } from './warn-of-undeclared-arguments.js';

/** Warns of the argument VERSION of the manifest, with a daemon that does not come back. */
async function warn(t: ExecutionContext, declared: readonly string[] | undefined) {
  const lines: string[] = [];
  const build = {
    attempt: {
      build: { options: { buildArgs: {} } },
      log: { line: (line: string) => void lines.push(line) },
      logger: { warn: (_fields: object, message: string) => t.log(message) },
    },
    image: { services: ['web'], dockerfile: 'Dockerfile', places: { args: { VERSION: 'convox.yml:4:9' } } },
    signal: new AbortController().signal,
  } as unknown as ImageToBuild;
  const client = () => Promise.reject(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  await warnOfUndeclaredArguments(build, { target: undefined, args: {}, declared }, {
    buildkitd: { client },
  } as unknown as WorkerParts);
  return lines;
}

test('warnOfUndeclaredArguments() names what the manifest gives in vain', async (t) => {
  const warning = 'warning: convox.yml:4:9: service web: build argument VERSION is not declared by Dockerfile';
  t.deepEqual(await warn(t, ['OTHER']), [warning]);
  t.deepEqual(await warn(t, ['VERSION']), []);
});

test('warnOfUndeclaredArguments() costs no build when nobody answers', async (t) => {
  t.deepEqual(await warn(t, undefined), []);
});
