import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { createTokenIssuer } from '@convox-builds/registry';
import { createTemporaryFolder, startRegistry } from '@convox-builds/testing';
import test from 'ava';

import { roleToken } from '../testing/role-token.js';
import { basic, startTestApi } from '../testing/start-test-api.js';

const SERVICE = 'convox-builds';
const run = promisify(execFile);

async function createKeys(folder: string): Promise<{ keyFile: string; certificateFile: string }> {
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const output = ['-keyout', keyFile, '-out', certificateFile, '-subj', '/CN=test'];
  await run('openssl', ['req', '-x509', ...curve, ...output]);
  return { keyFile, certificateFile };
}

test('GET /registry/token: gives a token that the real registry accepts, for what the role may do', async (t) => {
  const folder = await createTemporaryFolder();
  const { keyFile, certificateFile } = await createKeys(folder.path);
  const tokenIssuer = createTokenIssuer({
    issuer: SERVICE,
    service: SERVICE,
    privateKeyPem: await readFile(keyFile, 'utf8'),
    certificatePem: await readFile(certificateFile, 'utf8'),
  });
  const api = await startTestApi({ tokenIssuer });
  const realm = `http://127.0.0.1:${api.port}/registry/token`;
  const registry = await startRegistry({ auth: { kind: 'token', realm, service: SERVICE, certificateFile } });
  t.teardown(() => Promise.all([api.stop(), registry.stop(), folder.remove()]));

  const token = async (authorization: string) => {
    const query = new URLSearchParams({ service: SERVICE, scope: 'repository:web:pull,push' });
    const { status, text } = await api.call('GET', `/registry/token?${query.toString()}`, { authorization });
    return status === 200 ? (JSON.parse(text) as { token: string }).token : '';
  };
  const ask = async (method: string, path: string, bearer: string) =>
    (await fetch(`http://${registry.host}${path}`, { method, headers: { Authorization: `Bearer ${bearer}` } })).status;

  const full = await token(basic('convox', 'correct horse battery'));
  t.is(await ask('POST', '/v2/web/blobs/uploads/', full), 202);
  t.is(await ask('POST', '/v2/other/blobs/uploads/', full), 401);
  const reading = await token(basic('jwt', roleToken({ role: 'r' })));
  t.is(await ask('GET', '/v2/web/tags/list', reading), 404);
  t.is(await ask('POST', '/v2/web/blobs/uploads/', reading), 401);
  t.is(await token(basic('convox', 'wrong')), '');
});
