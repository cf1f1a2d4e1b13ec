import { createCertificates, createGitRepository, createTemporaryFolder, startGitServer } from '@convox-builds/testing';
import test from 'ava';

import { createTestLfs } from './testing/answer-lfs.js';
import { failureOf } from './testing/failure-of.js';
import { openTestFetcher } from './testing/open-test-fetcher.js';

test('promise 6: fetch() over https believes the authorities that it is told of, and no other certificate', async (t) => {
  const folder = await createTemporaryFolder();
  const repository = await createGitRepository(folder.path, 'app');
  const lfs = createTestLfs();
  await repository.commit({ a: '1', 'a.bin': lfs.add(Buffer.from('content')) });
  const certificates = await createCertificates(folder.path);
  const { caFile } = certificates;
  const [withAuthority, without] = [await openTestFetcher({ caFile }), await openTestFetcher()];
  t.teardown(() => Promise.all([withAuthority.remove(), without.remove(), folder.remove()]));
  const cases = [
    [certificates.trusted, withAuthority, true],
    [certificates.trusted, without, false],
    [certificates.ofAnotherHost, withAuthority, false],
    [certificates.selfSigned, withAuthority, false],
  ] as const;
  for (const [certificate, fetcher, isTrusted] of cases) {
    const server = await startGitServer({ folder: folder.path, certificate, answer: lfs.answer });
    try {
      const url = `${server.url}/app.git`;
      if (isTrusted) t.like((await fetcher.fetch(url)).files, { a: '1', 'a.bin': 'content' });
      else {
        const why = `the certificate of 127.0.0.1:${server.port} is not trusted, or is another server's: the rack's operator can have its authority trusted (GIT_CA_FILE)`;
        t.is(await failureOf(fetcher.fetch(url)), `refused: ${why}`);
        t.deepEqual(server.seen, []);
      }
    } finally {
      await server.stop();
    }
  }
});
