import test from 'ava';

import { parseRegistryPath } from './parse-registry-path.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test('parseRegistryPath() knows what is read and what is written', (t) => {
  const pull = { repository: 'web', action: 'pull', writtenTag: undefined };
  const push = { ...pull, action: 'push' };
  for (const path of [
    `manifests/latest`,
    `manifests/${DIGEST}`,
    `blobs/${DIGEST}`,
    'tags/list',
    `referrers/${DIGEST}`,
  ]) {
    t.deepEqual(parseRegistryPath('GET', `/v2/web/${path}`), pull as never, path);
  }
  t.deepEqual(parseRegistryPath('POST', '/v2/web/blobs/uploads/'), push as never);
  t.deepEqual(parseRegistryPath('PATCH', '/v2/web/blobs/uploads/1-a'), push as never);
  t.deepEqual(parseRegistryPath('PUT', `/v2/web/manifests/${DIGEST}`), push as never);
  t.deepEqual(parseRegistryPath('PUT', '/v2/web/manifests/a.B')?.writtenTag, 'a.B');
});

test('parseRegistryPath() lets nothing else pass', (t) => {
  const refused: [string, string][] = [
    ['GET', '/v2/_catalog'],
    ['GET', '/v2/docker-hub/library/busybox/manifests/latest'],
    ['GET', '/v2/../x/manifests/latest'],
    ['GET', '/v2/web/manifests/%2e%2e'],
    ['GET', '/v2/web/blobs/../../other/blobs/x'],
    ['GET', '/v2/Web/tags/list'],
    ['PUT', `/v2/web/blobs/${DIGEST}`],
    ['DELETE', `/v2/web/manifests/${DIGEST}`],
    ['DELETE', `/v2/web/blobs/${DIGEST}`],
    ['POST', '/v2/web/manifests/latest'],
    ['HEAD', '/v2/web/blobs/uploads/x'],
  ];
  for (const [method, path] of refused) t.is(parseRegistryPath(method, path), undefined, `${method} ${path}`);
});
