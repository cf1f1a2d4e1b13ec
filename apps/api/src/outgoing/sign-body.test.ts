import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { createTemporaryFolder } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { signBody } from './sign-body.js';

const DOCUMENT = new URL('../../../../docs/releases.md', import.meta.url);
const BODY = '{"action":"build:create","data":{"description":"ä"}}';
const SECRET = 'whsec_a-b_c';

/** An example of the document, as people copy it. */
async function readExample(language: 'js' | 'sh'): Promise<string> {
  const [, example = ''] = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(await readFile(DOCUMENT, 'utf8')) ?? [];
  return example;
}

async function openFolder(t: ExecutionContext): Promise<string> {
  const { path, remove } = await createTemporaryFolder();
  t.teardown(remove);
  return path;
}

test('signBody() is what the example for Node verifies', async (t) => {
  const file = join(await openFolder(t), 'verify.mjs');
  await writeFile(file, await readExample('js'));
  const { isFromRack } = await import(pathToFileURL(file).href);
  const header = signBody(BODY, { secret: SECRET, time: new Date() });
  t.true(isFromRack(Buffer.from(BODY), header, SECRET));
  t.false(isFromRack(Buffer.from(`${BODY} `), header, SECRET));
  t.false(isFromRack(Buffer.from(BODY), header, 'another'));
  const old = signBody(BODY, { secret: SECRET, time: new Date(Date.now() - 3_600_000) });
  t.false(isFromRack(Buffer.from(BODY), old, SECRET));
});

test('signBody() is what the example for a shell verifies', async (t) => {
  const folder = await openFolder(t);
  await writeFile(join(folder, 'body.json'), BODY);
  const script = await readExample('sh');
  const header = signBody(BODY, { secret: SECRET, time: new Date() });
  const verify = (secret: string) =>
    promisify(execFile)('sh', ['-c', script], { cwd: folder, env: { ...process.env, header, secret } });
  t.is((await verify(SECRET)).stdout, 'genuine\n');
  await t.throwsAsync(verify('another'));
});
