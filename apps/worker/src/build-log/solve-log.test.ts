import type { SolveStatus, Vertex } from '@convox-builds/buildkit-client';
import test from 'ava';

import { openLongLine } from './long-line.js';
import { createSecretMasker } from './mask-secrets.js';
import { createSolveLog } from './solve-log.js';

const BEGUN = new Date('2026-01-02T03:04:05.000Z');
const ENDED = new Date('2026-01-02T03:04:06.250Z');
const STEP: Vertex = {
  digest: 'sha256:a',
  name: '[2/2] RUN make',
  isCached: false,
  started: undefined,
  completed: undefined,
  error: undefined,
};

function status(parts: Partial<SolveStatus>): SolveStatus {
  return { vertexes: [], progress: [], logs: [], warnings: [], ...parts };
}

const output = (text: string | Buffer, { vertex = 'sha256:a', stream = 1 } = {}) =>
  status({ logs: [{ vertex, stream, bytes: Buffer.from(text) }] });

function linesOf(...reports: readonly SolveStatus[]): string[] {
  const lines: string[] = [];
  const line = (text: string) => void lines.push(text);
  const toLines = (prefix: string, texts: readonly string[]) => texts.forEach((text) => line(`${prefix}${text}`));
  const longLine = (prefix: string) => openLongLine(createSecretMasker([]), (text) => line(`${prefix}${text}`));
  const log = createSolveLog('web', { line, lines: toLines, longLine });
  for (const report of reports) log.add(report);
  log.end();
  return lines;
}

test('createSolveLog() tells a step, its output and its end, each once', (t) => {
  const started = { ...STEP, started: BEGUN };
  const completed = { ...started, completed: ENDED };
  t.deepEqual(
    linesOf(
      status({ vertexes: [STEP] }),
      status({ vertexes: [started] }),
      status({ vertexes: [started] }),
      output('one\ntw'),
      output('o\n'),
      status({ vertexes: [completed] }),
      status({ vertexes: [completed] }),
    ),
    ['web [2/2] RUN make', 'web | one', 'web | two', 'web [2/2] RUN make DONE 1.3s'],
  );
});

test('createSolveLog() has the last line of a step before its end, finished or not', (t) => {
  const completed = { ...STEP, started: BEGUN, completed: ENDED, error: 'exit code: 3' };
  t.deepEqual(
    linesOf(status({ vertexes: [{ ...STEP, started: BEGUN }] }), output('half'), status({ vertexes: [completed] })),
    ['web [2/2] RUN make', 'web | half', 'web [2/2] RUN make ERROR 1.3s'],
  );
  t.deepEqual(linesOf(output('never ended')), ['web | never ended']);
});

test('createSolveLog() tells a cached step in one line', (t) => {
  t.deepEqual(linesOf(status({ vertexes: [{ ...STEP, isCached: true, started: BEGUN, completed: BEGUN }] })), [
    'web [2/2] RUN make CACHED',
  ]);
});

test("createSolveLog() shows BuildKit's plumbing only when it fails, and no digest of a base image", (t) => {
  const load = { ...STEP, name: '[internal] load build context', started: BEGUN, completed: ENDED };
  t.deepEqual(linesOf(status({ vertexes: [load] })), []);
  t.deepEqual(
    linesOf(status({ vertexes: [{ ...load, error: 'no' }] })).at(-1),
    'web [internal] load build context ERROR 1.3s',
  );
  const from = { ...STEP, name: `[1/2] FROM docker.io/library/busybox@sha256:${'a'.repeat(64)}`, started: BEGUN };
  t.deepEqual(linesOf(status({ vertexes: [from] })), ['web [1/2] FROM docker.io/library/busybox']);
});

test('createSolveLog() keeps a character whole that arrives in two pieces, and streams apart', (t) => {
  const euro = Buffer.from('€\n');
  t.deepEqual(linesOf(output(euro.subarray(0, 1)), output('err\n', { stream: 2 }), output(euro.subarray(1))), [
    'web | err',
    'web | €',
  ]);
});

test('createSolveLog() keeps the outputs of steps apart whose digests begin alike', (t) => {
  const [one, two] = [
    { ...STEP, digest: 'sha256:1' },
    { ...STEP, digest: 'sha256:12' },
  ];
  const lines = linesOf(
    output('first', { vertex: one.digest }),
    output('second ', { vertex: two.digest }),
    status({ vertexes: [{ ...one, started: BEGUN, completed: ENDED }] }),
    output('goes on\n', { vertex: two.digest }),
  );
  t.deepEqual(
    lines.filter((line) => line.includes('|')),
    ['web | first', 'web | second goes on'],
  );
});

test('createSolveLog() cuts a line that never ends, and loses nothing of it', (t) => {
  const lines = linesOf(...Array.from({ length: 40 }, () => output('x'.repeat(10_000))));
  t.true(lines.every((line) => line.length <= 64 * 1024 + 'web | '.length));
  t.is(lines.map((line) => line.slice('web | '.length)).join(''), 'x'.repeat(400_000));
});

test('createSolveLog() breaks a progress bar at its carriage returns, also at the end of a piece', (t) => {
  t.deepEqual(linesOf(output('10%\r20%\r'), output('\n30%\r'), output('40%\n')), [
    'web | 10%',
    'web | 20%',
    'web | 30%',
    'web | 40%',
  ]);
});

test('createSolveLog() tells a warning once, with its place', (t) => {
  const warning = { vertex: 'sha256:a', message: 'Do not', url: '', file: 'Dockerfile', line: 3 };
  t.deepEqual(
    linesOf(status({ warnings: [warning] }), status({ warnings: [warning, { ...warning, line: undefined }] })),
    ['web warning: Dockerfile:3: Do not', 'web warning: Dockerfile: Do not'],
  );
});
