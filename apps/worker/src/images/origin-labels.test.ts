import test from 'ava';

import { type BuildOrigin, originLabels } from './origin-labels.js';

const BUILD: BuildOrigin = {
  id: 'BABCDEFGHIJ',
  source: 'https://git.example/shop.git#main:web',
  gitSha: 'a'.repeat(40),
  createdAt: new Date('2026-01-02T03:04:00Z'),
  startedAt: new Date('2026-01-02T03:04:05.678Z'),
};

test('originLabels() tells repository, commit, time and build', (t) => {
  t.deepEqual(originLabels(BUILD), {
    'org.opencontainers.image.created': '2026-01-02T03:04:05.678Z',
    'org.opencontainers.image.source': 'https://git.example/shop.git',
    'org.opencontainers.image.revision': 'a'.repeat(40),
    'com.convox.build': 'BABCDEFGHIJ',
  });
});

test('originLabels() leaves out what is not known of a folder', (t) => {
  t.deepEqual(originLabels({ ...BUILD, source: 'object://shop/tmp/a.tgz', gitSha: '', startedAt: null }), {
    'org.opencontainers.image.created': '2026-01-02T03:04:00Z',
    'com.convox.build': 'BABCDEFGHIJ',
  });
});

test('originLabels() of a given time are equal for all builds of a commit', (t) => {
  const time = new Date('1980-01-01T00:00:00Z');
  const labels = originLabels(BUILD, { time });
  t.deepEqual(labels, originLabels({ ...BUILD, id: 'BOTHER', startedAt: new Date() }, { time }));
  t.is(labels['org.opencontainers.image.created'], '1980-01-01T00:00:00Z');
});
