import test from 'ava';
import fc from 'fast-check';

import { createBuildLog } from './build-log.js';
import { createSecretMasker } from './mask-secrets.js';
import { createSolveLog } from './solve-log.js';

/** Runs output through everything between BuildKit and the store. */
async function store(pieces: readonly Buffer[], secrets: readonly string[]): Promise<string> {
  const chunks: Buffer[] = [];
  const log = createBuildLog({
    append: async (bytes) => chunks.push(bytes),
    announce: () => {},
    onFenced: () => {},
    onBytes: () => {},
    masker: createSecretMasker(secrets),
    maxBytes: 1_000_000_000,
    signal: new AbortController().signal,
  });
  const solveLog = createSolveLog('web', log);
  for (const bytes of pieces) {
    solveLog.add({ vertexes: [], progress: [], warnings: [], logs: [{ vertex: 'sha256:a', stream: 1, bytes }] });
  }
  solveLog.end();
  await log.end();
  return Buffer.concat(chunks).toString('utf8');
}

/** Base64 of a text between other bytes, and that part of it which does not depend on them. */
function base64Inside(secret: string, offset: number): { whole: string; core: string } {
  const encode = (byte: number) =>
    Buffer.concat([Buffer.alloc(offset, byte), Buffer.from(secret), Buffer.alloc(3, byte)]).toString('base64');
  const [low, high] = [encode(0), encode(0xff)];
  let end = high.length;
  while (low[end - 1] !== high[end - 1]) end--;
  let start = 0;
  while (low[start] !== high[start]) start++;
  // Characters that differ lie at both ends only; what is equal behind them may be so by chance.
  const isShared = [...high.slice(start, end)].some((_, at) => low[start + at] !== high[start + at]);
  return { whole: high, core: isShared ? '' : high.slice(start, end) };
}

const toLowerHex = (text: string) => text.replace(/%../g, (escape) => escape.toLowerCase());

function formsOf(secret: string): string[] {
  const url = encodeURIComponent(secret);
  const base64 = [0, 1, 2].map((offset) => base64Inside(secret, offset));
  const exact = Buffer.from(secret).toString('base64');
  return [
    secret,
    exact,
    ...base64.map(({ whole }) => whole),
    ...base64.map(({ core }) => core).filter(({ length }) => length >= 4),
    url,
    toLowerHex(url),
    JSON.stringify(secret).slice(1, -1),
  ];
}

const secretCharacters = fc.oneof(
  fc.constantFrom('a', 'b', 'ab', '.', '$', '^', '(', '[', '\\', '"', "'", '/', '+', '?', '%', ' ', '\n', '\r\n', '\r'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  fc.constantFrom('é', '日', '🎉'),
);
const secret = fc
  .array(secretCharacters, { minLength: 4, maxLength: 60 })
  .map((characters) => characters.join('').slice(0, 200).replaceAll('*', '+'))
  // A line end at its end says nothing, and stands behind every line.
  .map((text) => Buffer.from(text.replace(/[\r\n]+$/, '')).toString('utf8'))
  .filter(({ length }) => length >= 4);

const noise = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.constantFrom('\n', '\r', '\r\n', '\u001b[31m', '\u001b[0m', '<ok>', '<', 'a', 'ab', 'aab', ' ', '='),
  fc.integer({ min: 65_000, max: 66_000 }).map((length) => 'x🎉'.repeat(length / 3)),
  fc.integer({ min: 65_000, max: 140_000 }).map((length) => 'ab'.repeat(length / 2)),
);

/** Cuts bytes anywhere, also inside of characters. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

const places = fc.array(fc.nat({ max: 1_000_000 }), { maxLength: 40 });

test('a log holds no secret and no encoding of one, wherever its output is cut', async (t) => {
  const property = fc.asyncProperty(
    fc.array(secret, { minLength: 1, maxLength: 5 }),
    fc.array(fc.tuple(noise, fc.nat(), fc.nat()), { maxLength: 12 }),
    places,
    async (secrets, parts, cuts) => {
      const text = parts.map(([before, which, form]) => {
        const forms = formsOf(secrets[which % secrets.length] ?? '');
        return before + (forms[form % forms.length] ?? '');
      });
      const stored = await store(cut(Buffer.from(text.join('')), cuts), secrets);
      for (const form of secrets.flatMap(formsOf)) {
        t.false(stored.includes(form), `${JSON.stringify(form)} of ${JSON.stringify(secrets)}`);
      }
    },
  );
  await fc.assert(property, { numRuns: 300 });
});

test('a log without secrets is the output, wherever it is cut', async (t) => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'abcxyz 0189.:/-=日🎉'), maxLength: 200 }),
    fc.constant('\n'),
    fc.integer({ min: 60_000, max: 200_000 }).map((length) => 'x🎉y'.repeat(length / 4)),
  );
  const property = fc.asyncProperty(fc.array(text, { maxLength: 10 }), places, async (parts, cuts) => {
    const whole = parts.join('');
    const stored = await store(cut(Buffer.from(whole), cuts), ['PASSWORD', 'TOKEN-$']);
    t.is(stored.replaceAll('web | ', '').replaceAll('\n', ''), whole.replaceAll('\n', ''));
    const lines = stored.split('\n').map((line) => line.slice('web | '.length));
    t.true(lines.every(({ length }) => length <= 65_536));
    t.is(stored, await store([Buffer.from(whole)], []));
    if (parts.every(({ length }) => length < 1000)) t.is(lines.join('\n').trimEnd(), whole.trimEnd());
  });
  await fc.assert(property, { numRuns: 200 });
});

test('a log masks a secret at every place around a cut', async (t) => {
  const hidden = 'S3cr3t-Valu3!';
  for (let before = 65_536 - 16; before < 65_536 + 4; before++) {
    const line = `${'x'.repeat(before)}${hidden}${'y'.repeat(70_000)}`;
    const stored = await store(cut(Buffer.from(line), [before, before + 3, 65_536]), [hidden]);
    t.is(stored.replace(/\n(?:web \| )?|^web \| /g, ''), line.replace(hidden, '****'));
  }
});
