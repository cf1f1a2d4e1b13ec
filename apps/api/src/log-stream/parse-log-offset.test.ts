import test from 'ava';

import { HttpError } from '../http/http-error.js';
import { parseLogOffset } from './parse-log-offset.js';

test('parseLogOffset() reads bytes, and none as the start', (t) => {
  t.deepEqual(
    ['0', '17', '999999999999999', '', null, undefined].map(parseLogOffset),
    [0, 17, 999_999_999_999_999, 0, 0, 0],
  );
});

test('parseLogOffset() rejects what is no number of bytes', (t) => {
  for (const text of ['-1', '1.5', 'x', '0x10', '1e3', ' 1', '9999999999999999']) {
    const { status, message } = t.throws(() => parseLogOffset(text), { instanceOf: HttpError });
    t.is(status, 400);
    t.is(message, `offset must be a number of bytes from 0, not "${text}"`);
  }
});
