import test from 'ava';

import { type BuildLogOptions, createBuildLog } from './build-log.js';
import { createSecretMasker } from './mask-secrets.js';

function openLog(options: Partial<BuildLogOptions> = {}) {
  const chunks: Buffer[] = [];
  const announced: number[] = [];
  const counted = { stored: 0, dropped: 0 };
  const log = createBuildLog({
    append: async (bytes) => chunks.push(bytes),
    announce: (seq) => announced.push(seq),
    onFenced: () => {},
    onBytes: (result, bytes) => {
      counted[result] += bytes;
    },
    masker: createSecretMasker([]),
    maxBytes: 1_000_000,
    signal: new AbortController().signal,
    ...options,
  });
  return { log, announced, counted, text: () => Buffer.concat(chunks).toString('utf8') };
}

test('createBuildLog() stores lines in order and announces each chunk', async (t) => {
  const { log, announced, text } = openLog();
  for (let index = 0; index < 10_000; index++) log.line(`line ${index}`);
  await log.flush();
  log.line('last');
  await log.end();
  t.is(text(), `${Array.from({ length: 10_000 }, (_, index) => `line ${index}\n`).join('')}last\n`);
  t.deepEqual(
    announced,
    announced.map((_, index) => index + 1),
  );
});

test('createBuildLog() splits at line ends of every kind', async (t) => {
  const { log, text } = openLog();
  log.line('a\r\nb\rc\nd');
  await log.end();
  t.is(text(), 'a\nb\nc\nd\n');
});

test('createBuildLog() keeps order and loses nothing while the store fails', async (t) => {
  let failures = 2;
  const stored: Buffer[] = [];
  const { log } = openLog({
    append: async (bytes) => {
      if (failures-- > 0) throw new Error('away');
      return stored.push(bytes);
    },
  });
  log.line('one');
  log.line('two');
  await log.end();
  t.is(Buffer.concat(stored).toString(), 'one\ntwo\n');
});

test('createBuildLog() sends the same chunk as the same part when it was not answered', async (t) => {
  const sent: string[] = [];
  const { log } = openLog({
    append: async (bytes, { part }) => {
      sent.push(`${part} ${bytes.toString()}`);
      if (sent.length !== 1) return part;
      // It comes while nobody knows whether the first one was stored.
      log.line('two');
      throw new Error('away');
    },
  });
  log.line('one');
  await log.end();
  t.deepEqual(sent, ['1 one\n', '1 one\n', '2 two\n']);
});

const TOGETHER = {
  'clean ones': ['one', 'two', '', 'ünïcode 🎉'],
  'one with an escape sequence': ['plain', '\u001b[1mbold\u001b[0m', '<ok>'],
  'one with a secret': ['plain', 'the s3cret word', 's3cr', 'et'],
  'more than there is room for': ['x'.repeat(30), 'y'.repeat(80), 'z'],
  none: [],
};

for (const [what, texts] of Object.entries(TOGETHER)) {
  test(`createBuildLog() stores lines that come together as it does one by one: ${what}`, async (t) => {
    const options = { masker: createSecretMasker(['s3cret']), maxBytes: 120 };
    const [together, oneByOne] = [openLog(options), openLog(options)];
    together.log.lines('web | ', texts);
    for (const text of texts) oneByOne.log.line(`web | ${text}`);
    await Promise.all([together.log.end(), oneByOne.log.end()]);
    t.is(together.text(), oneByOne.text());
    t.deepEqual(together.counted, oneByOne.counted);
  });
}

const REACHED = 'log limit of 20 bytes reached: what the build prints from here on is dropped\n';

test('createBuildLog() stops at its limit and says what it dropped', async (t) => {
  const { log, text, counted } = openLog({ maxBytes: 20 });
  for (const line of ['123456789', 'abcdefghi', 'dropped', 'too']) log.line(line);
  await log.end();
  t.is(text(), `123456789\nabcdefghi\n${REACHED}log limit: dropped 2 lines here (12 bytes)\n`);
  t.deepEqual(counted, { stored: Buffer.byteLength(text()), dropped: 12 });
});

test('createBuildLog() counts bytes, and takes nothing after a line that did not fit', async (t) => {
  const { log, text } = openLog({ maxBytes: 20 });
  for (const line of ['123456789', 'äöüäöü', 'short']) log.line(line);
  await log.end();
  t.is(text(), `123456789\n${REACHED}log limit: dropped 2 lines here (19 bytes)\n`);
});

test('createBuildLog() has room for how the attempt ended, however full it is', async (t) => {
  const { log, text } = openLog({ maxBytes: 20, masker: createSecretMasker(['hush-hush']) });
  log.line('x'.repeat(20));
  log.note('ERROR: the step\nfailed hush-hush');
  log.line('y');
  await log.end();
  const dropped = (bytes: number) => `log limit: dropped 1 line here (${bytes} bytes)\n`;
  t.is(text(), `${REACHED}${dropped(21)}ERROR: the step\nfailed ****\n${dropped(2)}`);
});

test('createBuildLog() tells once that the build has another owner and writes no more', async (t) => {
  let fenced = 0;
  let appends = 0;
  const { log, counted } = openLog({
    append: async () => {
      appends++;
      return undefined;
    },
    onFenced: () => fenced++,
  });
  log.line('a');
  await log.flush();
  log.line('b');
  await log.end();
  t.is(fenced, 1);
  t.is(appends, 1);
  t.is(counted.stored, 0);
});

test('createBuildLog() makes a flood wait until little is left to store', async (t) => {
  let stored = 0;
  const { log } = openLog({
    maxBytes: 100_000_000,
    append: async (bytes) => {
      stored += bytes.length;
      return stored;
    },
  });
  const line = 'x'.repeat(1023);
  for (let index = 0; index < 4096; index++) log.line(line);
  await log.ready();
  t.true(stored >= 3 * 1024 * 1024);
  await log.end();
  t.is(stored, 4 * 1024 * 1024);
});
