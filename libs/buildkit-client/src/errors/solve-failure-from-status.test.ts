import test from 'ava';

import { Status } from '../generated/google/rpc/status.js';
import { solveFailureFromStatus } from './solve-failure-from-status.js';

const UNKNOWN = 2;

const codeOf = (message: string) =>
  solveFailureFromStatus(Status.encode(Status.fromPartial({ code: UNKNOWN, message })).finish()).code;

test('solveFailureFromStatus() gives the person what the person has asked for', (t) => {
  t.is(codeOf('failed to load LLB: network.host is not allowed'), 'user');
  t.is(
    codeOf('failed to load cache key: error fetching default branch for repository https://h/x.git: git stderr:'),
    'user',
  );
  t.is(codeOf('failed to load cache key: invalid response status 404'), 'user');
  t.is(
    codeOf('x: failed to do request: Head "https://h/v2/": dial tcp: lookup h on 10.0.0.1:53: no such host'),
    'not-found',
  );
});

test('solveFailureFromStatus() knows what may pass', (t) => {
  t.is(
    codeOf('failed to do request: Head "https://h/v2/": dial tcp 10.0.0.1:443: connect: connection refused'),
    'unavailable',
  );
  t.is(
    codeOf('unexpected status from HEAD request to https://h/v2/x/manifests/1: 429 Too Many Requests'),
    'unavailable',
  );
  for (const status of [429, 503])
    t.is(codeOf(`failed to load cache key: invalid response status ${status}`), 'unavailable');
  t.is(codeOf('write /x: no space left on device'), 'exhausted');
  t.is(codeOf('failed to copy: unexpected status code 503 Service Unavailable: x'), 'unavailable');
  t.is(
    codeOf('unexpected status from HEAD request to http://h:25001/v2/x/manifests/1: 401 Unauthorized'),
    'unknown',
    'the port is no status',
  );
  t.is(codeOf('something else'), 'unknown');
});

test('solveFailureFromStatus() blames nobody for what the daemon lacks', (t) => {
  const lacking = (message: string) => {
    const details = [{ typeUrl: 'github.com/moby/buildkit/errdefs.Frontend+json', value: Buffer.from('{}') }];
    return solveFailureFromStatus(Status.encode(Status.fromPartial({ code: UNKNOWN, message, details })).finish()).code;
  };
  t.is(lacking('failed to read dockerfile: no active session for 989a: context deadline exceeded'), 'unavailable');
  t.is(lacking('failed to read dockerfile: open Dockerfile: too many open files'), 'unavailable');
  t.is(lacking('failed to read dockerfile: open Dockerfile: no such file or directory'), 'user');
});
