import { createCertificates, createGitRepository, createTemporaryFolder, startGitServer } from '@convox-builds/testing';
import test from 'ava';

import { failureOf } from './testing/failure-of.js';
import { openTestFetcher } from './testing/open-test-fetcher.js';

const SUFFIX = '/info/refs?service=git-upload-pack';

test('fetch() follows a redirection on the same server, and from http to https on the same host', async (t) => {
  const folder = await createTemporaryFolder();
  const repository = await createGitRepository(folder.path, 'app');
  await repository.commit({ a: '1' });
  const { caFile, trusted } = await createCertificates(folder.path);
  const [plain, secured, fetcher] = await Promise.all([
    startGitServer({ folder: folder.path }),
    startGitServer({ folder: folder.path, certificate: trusted }),
    openTestFetcher({ caFile }),
  ]);
  t.teardown(() => Promise.all([plain.stop(), secured.stop(), fetcher.remove(), folder.remove()]));
  const moved = (location: string) =>
    plain.fail(({ path }) => (path.startsWith('/old') ? { status: 301, location } : undefined));

  for (const location of [`/app.git${SUFFIX}`, `${plain.url}/app.git${SUFFIX}`, `${secured.url}/app.git${SUFFIX}`]) {
    moved(location);
    t.is((await fetcher.fetch(`${plain.url}/old.git#main`)).files['a'], '1', location);
  }
  t.true(secured.seen.length > 0);

  const elsewhere = [
    `/old.git${SUFFIX}`,
    `/app.git/info/refs`,
    `http://localhost:${plain.port}/app.git${SUFFIX}`,
    `http://me:secret@127.0.0.1:${plain.port}/app.git${SUFFIX}`,
    `http://127.0.0.1:${plain.port + 1}/app.git${SUFFIX}`,
    `https://localhost:${secured.port}/app.git${SUFFIX}`,
    'file:///etc/passwd',
    `/-x${SUFFIX}`,
  ];
  for (const location of elsewhere) {
    moved(location);
    t.regex(await failureOf(fetcher.fetch(`${plain.url}/old.git`)), /^refused: .* redirects to another/, location);
  }
  // Back from https to http is never followed.
  secured.fail(() => ({ status: 302, location: `${plain.url}/app.git${SUFFIX}` }));
  t.regex(await failureOf(fetcher.fetch(`${secured.url}/app.git`)), /^refused: .* redirects to another/);
});
