import { startRegistry } from '@convox-builds/testing';
import test from 'ava';

import { createTestTokenIssuer } from '../testing/create-test-token-issuer.js';
import { roleToken } from '../testing/role-token.js';
import { basic, startTestApi } from '../testing/start-test-api.js';

test('GET /registry/token: gives a token that the real registry accepts, for what the role may do', async (t) => {
  const { tokenIssuer, certificateFile, service, remove } = await createTestTokenIssuer();
  const api = await startTestApi({ tokenIssuer });
  const realm = `http://127.0.0.1:${api.port}/registry/token`;
  const registry = await startRegistry({ auth: { kind: 'token', realm, service, certificateFile } });
  t.teardown(() => Promise.all([api.stop(), registry.stop(), remove()]));

  const token = async (authorization: string) => {
    const query = new URLSearchParams({ service, scope: 'repository:web:pull,push' });
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
