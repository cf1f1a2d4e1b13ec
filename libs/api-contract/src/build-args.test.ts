import test from 'ava';

import { parseBuildArgs } from './build-args.js';

const fromCommas = (text: string) => parseBuildArgs({ 'build-args': text });

test('parseBuildArgs(): splits at commas and keeps a comma inside a value', (t) => {
  t.deepEqual(fromCommas('A=1,B=2'), { A: '1', B: '2' });
  t.deepEqual(fromCommas('LIST=a,b,c,B=x=y'), { LIST: 'a,b,c', B: 'x=y' });
  t.deepEqual(fromCommas(''), {});
  t.deepEqual(parseBuildArgs({}), {});
});

test('parseBuildArgs(): a bare name is left out, after a comma only with the prefix BUILD_', (t) => {
  t.deepEqual(fromCommas('A=1,BUILD_NUMBER'), { A: '1' });
  t.deepEqual(fromCommas('TOKEN'), {});
});

test('parseBuildArgs(): the JSON list wins and keeps every value as it is', (t) => {
  const list = ['A=1,2', 'B', 'C=$(rm -rf /) "\'', '__proto__=x', 'E='];
  const args = parseBuildArgs({ 'build-args': 'Z=9', 'build-args-json': JSON.stringify(list) });
  t.deepEqual(Object.entries(args), [
    ['A', '1,2'],
    ['C', '$(rm -rf /) "\''],
    ['__proto__', 'x'],
    ['E', ''],
  ]);
  t.is(Object.getPrototypeOf(args), Object.prototype);
});

for (const json of ['{', '{}', '[1]', 'null', '["=x"]', '["A B=1"]', '["A=\\u0000"]', '["BUILDKIT_SYNTAX=evil"]']) {
  test(`parseBuildArgs(): refuses ${json}`, (t) => {
    t.throws(() => parseBuildArgs({ 'build-args-json': json }), { instanceOf: SyntaxError, message: /^build-args/ });
  });
}

test('parseBuildArgs(): tells which one is no pair, and shows nothing of it: it may be a part of a secret', (t) => {
  const error = t.throws(() => parseBuildArgs({ 'build-args-json': JSON.stringify(['A=1', '-----BEGIN KEY\nMIIE=']) }));
  t.is(error.message, 'build-args: expected KEY=VALUE, and number 2 is not');
});
