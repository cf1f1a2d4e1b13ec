import test from 'ava';

import { watchStepStarts } from './watch-step-starts.js';

function watch(...pieces: string[]): string | undefined {
  const starts = watchStepStarts();
  for (const piece of pieces) {
    const log = { vertex: 'sha256:a', stream: 2, bytes: Buffer.from(piece) };
    starts.add({ vertexes: [], progress: [], warnings: [], logs: [log] });
  }
  return starts.findFailure('sha256:a');
}

test('watchStepStarts() finds a step that runc could not start, and why', (t) => {
  const failure = "runc run failed: unable to start container process: can't get final child's PID from pipe: EOF";
  t.is(watch(`${failure}\n`), failure);
  t.is(watchStepStarts().findFailure('sha256:a'), undefined);
  t.is(watchStepStarts().findFailure(undefined), undefined);
});

test('watchStepStarts() leaves to the person what the image lacks, and what a program prints itself', (t) => {
  const lacking = 'runc run failed: unable to start container process: error during container init: exec: "/bin/sh"';
  t.is(watch(`${lacking}: stat /bin/sh: no such file or directory\n`), undefined);
  t.is(watch('hello\n', 'runc run failed: so it says\n'), undefined);
  t.is(watch('runc run failed: so it says\n', 'and goes on\n'), undefined);
  t.is(watch('it said runc run failed: x\n'), undefined);
});
