import test from 'ava';

import { presentListedRelease, presentRelease } from './present-release.js';

const RELEASE = {
  id: 'RAAAAAAAAAA',
  app: 'web',
  buildId: '',
  environment: 'KEY=s3cret\nURL=https://u:s3cret@x/?a=b\nEMPTY=',
  manifest: '',
  description: '',
  createdAt: new Date('2026-07-04T10:15:00Z'),
};

test('presentRelease(): shows values of the environment only to those who may write', (t) => {
  t.is(presentRelease(RELEASE, { role: 'r' }).env, 'KEY=****\nURL=****\nEMPTY=****');
  for (const role of ['rw', 'a'] as const) {
    t.is(presentRelease(RELEASE, { role }).env, RELEASE.environment);
  }
});

test('presentListedRelease(): shows values of the environment to nobody', (t) => {
  t.is(presentListedRelease(RELEASE).env, 'KEY=****\nURL=****\nEMPTY=****');
});
