import test from 'ava';

import { describeEnvironmentChange, formatEnvironment, parseEnvironment } from './environment.js';

test('parseEnvironment() splits at the first equals sign and skips what is no pair', (t) => {
  const environment = parseEnvironment('A=1\n B =x=y \nnothing\n=empty\nC=\r\nA=2\n');
  t.deepEqual(
    [...environment],
    [
      ['A', '2'],
      ['B', 'x=y '],
      ['C', ''],
    ],
  );
});

test('formatEnvironment() writes what parseEnvironment() reads, sorted', (t) => {
  const text = 'A=1\nB=x=y\nC=';
  t.is(formatEnvironment(parseEnvironment(`C=\nB=x=y\nA=1`)), text);
});

test('describeEnvironmentChange() names what came, changed and went', (t) => {
  const [before, after] = [parseEnvironment('A=1\nB=1\nC=1'), parseEnvironment('B=2\nC=1\nD=1')];
  t.is(describeEnvironmentChange(before, after), 'env add:D change:B remove:A');
  t.is(describeEnvironmentChange(after, after), '');
});
