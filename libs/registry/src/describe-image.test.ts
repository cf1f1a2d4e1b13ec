import { once } from 'node:events';
import { createServer } from 'node:http';

import test from 'ava';

import { createRegistryClient } from './create-registry-client.js';
import { describeImage } from './describe-image.js';

test('describeImage() of a registry that does not answer ends when its signal is aborted', async (t) => {
  const stopping = new AbortController();
  const server = createServer(() => stopping.abort(new Error('the build was cancelled')));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const registry = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const client = createRegistryClient({
    access: { isPlainHttp: () => true, mirrors: () => [], credentials: async () => undefined },
  });
  const image = { registry, repository: 'app', digest: `sha256:${'0'.repeat(64)}` };
  await t.throwsAsync(describeImage(image, client, { signal: stopping.signal }), {
    message: 'the build was cancelled',
  });
});
