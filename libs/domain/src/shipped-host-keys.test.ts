import test from 'ava';

import { SHIPPED_HOSTS, shippedHostKeys } from './shipped-host-keys.js';
import { parseHostKeys, sshFingerprint } from './ssh-key.js';

test('shippedHostKeys() are those whose fingerprints the owners of the hosts publish', (t) => {
  const fingerprints = (host: string) => parseHostKeys(shippedHostKeys(host).join('\n')).map(sshFingerprint);
  t.deepEqual(fingerprints('github.com'), [
    'SHA256:p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM',
    'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU',
  ]);
  t.deepEqual(fingerprints('gitlab.com'), [
    'SHA256:HbW3g8zUjNSksFbqTiUWPWg2Bq1x8xdGUrliXFzSnUw',
    'SHA256:eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8',
  ]);
  t.deepEqual(fingerprints('bitbucket.org'), [
    'SHA256:FC73VB6C4OQLSCrjEayhMp9UMxS97caD/Yyi2bhW/J0',
    'SHA256:ybgmFkzwOSotHTHLJgHO0QN8L0xErw6vd0VhFA9m3SM',
  ]);
  t.deepEqual(SHIPPED_HOSTS, ['bitbucket.org', 'github.com', 'gitlab.com']);
});

test('shippedHostKeys() has none for other hosts and ports', (t) => {
  for (const host of ['github.com:2222', 'evil.github.com', 'constructor', '']) t.deepEqual(shippedHostKeys(host), []);
});
