import test from 'ava';

import { passesByItself } from './passes-by-itself.js';

const coded = (code: string) => Object.assign(new Error('no luck'), { code });

test('passesByItself() knows what has nothing to do with the data', (t) => {
  for (const code of ['40P01', '40001', '53300', '55P03', '57014', '57P01', '08006', 'ECONNRESET', 'EAI_AGAIN'])
    t.true(passesByItself(coded(code)), code);
});

test('passesByItself() takes everything else for a fault that comes again', (t) => {
  for (const code of ['22P05', '23505', '42601', '54000', 'P0001', 'ERR_INVALID_ARG_TYPE'])
    t.false(passesByItself(coded(code)), code);
  for (const error of [new Error('The query is empty'), new TypeError('x is undefined'), 'no luck', undefined])
    t.false(passesByItself(error));
});
