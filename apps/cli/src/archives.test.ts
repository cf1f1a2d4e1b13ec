import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runConvox } from './testing/run-convox.js';
import { runOnTerminal } from './testing/run-on-terminal.js';
import { type ArchiveRequest, startArchiveServer } from './testing/start-archive-server.js';

type Answer = (response: ServerResponse, request: ArchiveRequest) => void;

const ARCHIVE = Buffer.alloc(300_000, 'an archive ');
const IMPORTED = { id: 'BABCDEFGHIJ', release: 'RABCDEFGHIJ', status: 'complete' };

async function startShop(t: ExecutionContext, ...answers: readonly Answer[]) {
  const server = await startArchiveServer(answers);
  const folder = mkdtempSync(join(tmpdir(), 'cb-cli-'));
  t.teardown(() => server.close());
  t.teardown(() => rmSync(folder, { recursive: true }));
  const env = { RACK_URL: server.url };
  const convox = (args: readonly string[], input?: string) =>
    runConvox([...args, '-a', 'shop'], { env, cwd: folder, ...(input === undefined ? {} : { input }) });
  return { server, folder, env, convox };
}

const whole: Answer = (response) => response.writeHead(200, { 'Content-Length': ARCHIVE.length }).end(ARCHIVE);

/** Sends the archive from where it was asked for, up to a byte, and breaks off. */
const upTo =
  (end: number, { etag = '"one"' } = {}): Answer =>
  (response, { headers }) => {
    const from = headers['if-range'] === etag ? Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1]) : 0;
    response.writeHead(from > 0 ? 206 : 200, {
      'Content-Length': ARCHIVE.length - from,
      'Accept-Ranges': 'bytes',
      ETag: etag,
    });
    response.write(ARCHIVE.subarray(from, end), () => (end < ARCHIVE.length ? response.destroy() : response.end()));
  };

const refuse: Answer = (response) => response.writeHead(404).end('build not found: BABCDEFGHIJ\n');
const acceptArchive: Answer = (response) =>
  response.end(JSON.stringify({ ...IMPORTED, warnings: ['archive has an unknown file: x'] }));

test('convox builds export: the archive on stdout, progress on stderr', async (t) => {
  const { convox, server } = await startShop(t, whole);
  const { code, stdout, stderr } = await convox(['builds', 'export', 'BABCDEFGHIJ']);
  t.deepEqual([code, stdout, stderr], [0, ARCHIVE.toString(), 'Exporting build... OK\n']);
  t.is(server.requests[0]?.url, '/apps/shop/builds/BABCDEFGHIJ.tgz');
});

test('convox builds export --file: the file is there when it is whole, and not before', async (t) => {
  const { convox, folder } = await startShop(t, whole, upTo(100_000, { etag: '' }), refuse);
  const args = ['builds', 'export', 'BABCDEFGHIJ', '-f', 'build.tgz'];
  t.deepEqual(await convox(args), { code: 0, stdout: 'Exporting build... OK\n', stderr: '' });
  t.true(readFileSync(join(folder, 'build.tgz')).equals(ARCHIVE));
  rmSync(join(folder, 'build.tgz'));
  t.is((await convox(args)).code, 1);
  t.regex((await convox(args)).stderr, /ERROR: build not found: BABCDEFGHIJ\n$/);
  t.deepEqual(readdirSync(folder), []);
  t.regex(
    (await convox(['builds', 'export', 'B', '-f', 'no/such/x.tgz'])).stderr,
    /ERROR: (?:build not found|cannot write)/,
  );
});

test('convox builds export: a download that broke off goes on where it did', async (t) => {
  const { convox, server } = await startShop(t, upTo(100_000), upTo(200_000), upTo(ARCHIVE.length));
  const { code, stdout } = await convox(['builds', 'export', 'BABCDEFGHIJ']);
  t.is(code, 0);
  t.is(stdout, ARCHIVE.toString());
  t.deepEqual(
    server.requests.map(({ headers }) => [headers.range, headers['if-range']]),
    [
      [undefined, undefined],
      ['bytes=100000-', '"one"'],
      ['bytes=200000-', '"one"'],
    ],
  );
});

test('convox builds export: what another rack breaks off is an error, and so is another archive', async (t) => {
  const cutOff: Answer = (response) => {
    response.writeHead(200, { 'Content-Length': ARCHIVE.length });
    response.write(ARCHIVE.subarray(0, 1000), () => response.destroy());
  };
  const { convox } = await startShop(t, cutOff, upTo(1000), whole);
  t.regex(
    (await convox(['builds', 'export', 'B'])).stderr,
    /ERROR: the rack broke off: what came is not the whole archive\n$/,
  );
  t.regex((await convox(['builds', 'export', 'B'])).stderr, /is another one than before: export it again\n$/);
});

test('convox builds export and import refuse a terminal', async (t) => {
  const { env } = await startShop(t, refuse);
  const exported = await runOnTerminal(['builds', 'export', 'B', '-a', 'shop'], { env, typing: [] });
  t.is(exported.code, 1);
  t.regex(exported.shown, /pipe this command into a file or specify --file/);
  const imported = await runOnTerminal(['builds', 'import', '-a', 'shop'], { env, typing: [] });
  t.is(imported.code, 1);
  t.regex(imported.shown, /pipe an archive into this command or specify --file/);
});

test('convox builds import: from stdin and from a file, with the warnings of the rack', async (t) => {
  const { convox, server, folder } = await startShop(t, acceptArchive);
  t.deepEqual(await convox(['builds', 'import'], 'an archive'), {
    code: 0,
    stdout: 'Importing build... OK, RABCDEFGHIJ\n',
    stderr: 'warning: archive has an unknown file: x\n',
  });
  writeFileSync(join(folder, 'build.tgz'), ARCHIVE);
  const { stdout, stderr } = await convox(['builds', 'import', '--id', '--file', 'build.tgz']);
  t.is(stdout, 'RABCDEFGHIJ');
  t.regex(stderr, /^Importing build\.\.\. OK, RABCDEFGHIJ\n/);
  t.deepEqual(
    server.requests.map(({ method, url, body }) => [method, url, body.length]),
    [
      ['POST', '/apps/shop/builds/import', 10],
      ['POST', '/apps/shop/builds/import', ARCHIVE.length],
    ],
  );
  t.like(JSON.parse((await convox(['builds', 'import', '--json'], 'x')).stdout), IMPORTED);
});

test('convox builds import: no file, nothing in the pipe, and what the rack says', async (t) => {
  const { convox } = await startShop(t, (response) => response.writeHead(400).end('archive has no build.json\n'));
  t.is((await convox(['builds', 'import', '-f', 'x.tgz'])).stderr, 'ERROR: cannot read "x.tgz": no such file\n');
  t.regex(
    (await convox(['builds', 'import'], '')).stderr,
    /ERROR: there is nothing to import: the archive is empty\n$/,
  );
  const { code, stderr } = await convox(['builds', 'import'], 'x');
  t.deepEqual([code, stderr.includes('ERROR: archive has no build.json\n')], [1, true]);
});
