import test from 'ava';

import { placeOfSource } from './source-place.js';

const place = (identifier: string, attrs: Record<string, string> = {}) => {
  const found = placeOfSource({ identifier, attrs });
  return found === undefined ? undefined : `${found.host} ${found.port}`;
};
const git = (address: string) => place('git://elsewhere.test/x', { 'git.fullurl': address });

test('placeOfSource() tells whom the daemon asks, however it is written', (t) => {
  t.is(place('http://169.254.169.254/latest'), '169.254.169.254 80');
  t.is(place('https://user:word@example.org:8443/x'), 'example.org 8443');
  t.is(place('http://0x7f.1/'), '127.0.0.1 80');
  t.is(place('http://[::1]:9090/'), '[::1] 9090');
  t.is(git('https://example.org/x.git#main'), 'example.org 443');
  t.is(git('HTTP://10.0.0.1/x.git'), '10.0.0.1 80');
  t.is(git('git://10.0.0.1/x'), '10.0.0.1 9418');
  t.is(git('ssh://git@example.org:2222/x'), 'example.org 2222');
  t.is(git('git@10.0.0.1:x.git'), '10.0.0.1 22');
  t.is(place('git://example.org/x.git#main'), 'example.org 443');
});

test('placeOfSource() does not guess', (t) => {
  for (const address of ['file:///etc', 'ext::sh -c id', 'oci-layout://x', 'git:///x', ''])
    t.is(git(address), undefined);
  for (const identifier of ['oci-layout://x@sha256:1', 'docker-image+blob://x']) t.is(place(identifier), undefined);
});
