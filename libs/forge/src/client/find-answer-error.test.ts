import test from 'ava';

import { findAnswerError } from './find-answer-error.js';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const find = (status: number, headers: Record<string, string> = {}, body = '') =>
  findAnswerError({ status, headers, body }, NOW);

test('findAnswerError() finds nothing wrong with success', (t) => {
  for (const status of [200, 201, 204]) t.is(find(status), undefined);
});

test('findAnswerError() knows how long a limit lasts', (t) => {
  const seconds = String(NOW / 1000 + 90);
  const cases: [number, Record<string, string>, number][] = [
    [429, { 'retry-after': '30' }, 30_000],
    [429, { 'retry-after': 'Wed, 25 Nov 2026 12:00:10 GMT' }, 10_000],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': seconds }, 90_000],
    [403, { 'retry-after': '60', 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': seconds }, 60_000],
    [429, { 'ratelimit-reset': seconds }, 90_000],
    [429, {}, 60_000],
    [429, { 'retry-after': '0' }, 1000],
    [429, { 'retry-after': 'Wed, 25 Nov 2020 12:00:10 GMT' }, 1000],
    [429, { 'retry-after': '999999999' }, 7_200_000],
    [429, { 'retry-after': 'soon' }, 60_000],
  ];
  for (const [status, headers, retryAfterMs] of cases)
    t.like(find(status, headers), { code: 'limited', retryAfterMs }, JSON.stringify(headers));
});

test('findAnswerError() tells what may pass from what will not', (t) => {
  for (const status of [500, 502, 503, 408, 409]) t.is(find(status)?.code, 'unavailable', `${status}`);
  for (const status of [301, 307, 400, 401, 403, 404, 422]) t.is(find(status)?.code, 'refused', `${status}`);
  t.is(find(403, { 'x-ratelimit-remaining': '4999' })?.code, 'refused');
});

test('findAnswerError() says on one line what the forge says', (t) => {
  const cases: [string, string][] = [
    ['{"message":"Bad credentials","documentation_url":"https://x"}', 'status 401: Bad credentials'],
    ['{"message":{"state":["does not have a valid value"]}}', 'status 401: {"state":["does not have a valid value"]}'],
    ['{"type":"error","error":{"message":"No"}}', 'status 401: {"message":"No"}'],
    ['<h1>\n  Nginx\u0000</h1>', 'status 401: <h1> Nginx </h1>'],
    ['null', 'status 401: null'],
    ['', 'status 401'],
  ];
  for (const [body, message] of cases) t.is(find(401, {}, body)?.message, message);
  t.true((find(500, {}, 'a'.repeat(10_000))?.message.length ?? 0) < 250);
});
