import { randomBytes } from 'node:crypto';

import test from 'ava';

import { createSecretMasker } from './mask-secrets.js';

test('createSecretMasker() masks a secret raw, base64, URL and JSON encoded', (t) => {
  const secret = 'p@ss "word"/x';
  const { mask } = createSecretMasker([secret]);
  const line = [
    secret,
    Buffer.from(secret).toString('base64'),
    encodeURIComponent(secret),
    JSON.stringify(secret),
  ].join(' | ');
  const masked = mask(line);
  t.is(masked, '**** | **** | **** | "****"');
});

test('createSecretMasker() masks each line of a secret of several lines', (t) => {
  const { mask } = createSecretMasker(['first-line\nsecond-line']);
  t.is(mask('see second-line here'), 'see **** here');
});

test('createSecretMasker() masks the longer one of two that overlap', (t) => {
  const { mask } = createSecretMasker(['token', 'token-and-more']);
  t.is(mask('token-and-more token'), '**** ****');
});

test('createSecretMasker() leaves values under four characters alone', (t) => {
  t.is(createSecretMasker(['1', 'on', '']).mask('1 on off'), '1 on off');
});

test('promise 9: createSecretMasker() of as much as an environment may have takes little memory', (t) => {
  const { arrayBuffers } = process.memoryUsage();
  const values = Array.from({ length: 512 }, (_, at) => `${at} ${randomBytes(1500).toString('base64')}`);
  const { mask } = createSecretMasker(['p@ssword', ...values]);
  const megabytes = (process.memoryUsage().arrayBuffers - arrayBuffers) / 1e6;
  t.true(megabytes < 100, `${megabytes} MB`);
  t.is(mask(values.join('\n')), values.map(() => '****').join('\n'));
  t.is(mask(`${Buffer.from('p@ssword').toString('base64')} ${encodeURIComponent('p@ssword')}`), '**** ****');
});
