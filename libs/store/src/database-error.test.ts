import test from 'ava';

import { isDatabaseAway, passesByItself } from './database-error.js';

const errorOf = (fields: object, message = 'x') => Object.assign(new Error(message), fields);

test('isDatabaseAway() knows what passes by itself', (t) => {
  t.true(isDatabaseAway(errorOf({ code: 'ECONNREFUSED', syscall: 'connect' })));
  t.true(isDatabaseAway(errorOf({ code: 'ENOENT', syscall: 'connect' })), 'a socket that is not there');
  t.true(isDatabaseAway(new AggregateError([errorOf({ code: 'ECONNREFUSED' })])), 'of each address');
  t.true(isDatabaseAway(errorOf({ code: '57P01' })), 'shut down');
  for (const message of [
    'Query read timeout',
    'Connection terminated unexpectedly',
    'Client was closed and is not queryable',
    'Knex: Timeout acquiring a connection. The pool is probably full.',
  ])
    t.true(isDatabaseAway(new Error(message)), message);
});

test('isDatabaseAway() knows what does not', (t) => {
  t.false(isDatabaseAway(errorOf({ code: 'ENOENT', syscall: 'open' })), 'a file');
  t.false(isDatabaseAway(errorOf({ code: '23505' })), 'a constraint');
  t.false(isDatabaseAway(new Error('no')));
  t.false(isDatabaseAway('Query read timeout'));
});

test('passesByItself() knows what has nothing to do with the data', (t) => {
  for (const code of ['40P01', '40001', '53200', '55P03', '57014', '57P01', '08006', 'ECONNRESET'])
    t.true(passesByItself(errorOf({ code })), code);
});

test('passesByItself() takes everything else for a fault that comes again', (t) => {
  for (const code of ['22P05', '23505', '42601', '54000', 'P0001', 'ERR_INVALID_ARG_TYPE'])
    t.false(passesByItself(errorOf({ code })), code);
  for (const error of [new Error('The query is empty'), new TypeError('x is undefined'), 'no luck', undefined])
    t.false(passesByItself(error));
});
