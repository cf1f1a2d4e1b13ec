import test from 'ava';

import { findRefChanges } from './find-ref-changes.js';

test('findRefChanges() tells what is new, changed and gone, and nothing of what stayed', (t) => {
  const before = { 'refs/heads/main': '1', 'refs/heads/old': '2', 'refs/tags/v1': '3' };
  const after = { 'refs/heads/main': '4', 'refs/heads/new': '5', 'refs/tags/v1': '3' };
  t.deepEqual(findRefChanges(before, after), [
    { ref: 'refs/heads/main', before: '1', after: '4' },
    { ref: 'refs/heads/new', before: undefined, after: '5' },
    { ref: 'refs/heads/old', before: '2', after: undefined },
  ]);
  t.deepEqual(findRefChanges(after, after), []);
  t.is(findRefChanges({}, after).length, 3);
});
