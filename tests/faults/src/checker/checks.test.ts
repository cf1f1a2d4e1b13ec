import test from 'ava';

import { createEvidence } from '../testing/create-evidence.js';
import { checkCancelled, checkEnds, checkRequests } from './check-builds.js';
import { checkLines, checkStreams } from './check-logs.js';
import type { Violation } from './violation.js';

const LOG = 'web [2/2] RUN x\nweb | counted line 1\nweb | counted line 2\n';
const whats = (violations: readonly Violation[]) => violations.map(({ what }) => what).join('\n');

test('what is as it should be breaks no promise', (t) => {
  const evidence = createEvidence({ log: LOG });
  for (const check of [checkEnds, checkRequests, checkCancelled, checkLines, checkStreams])
    t.deepEqual(check(evidence), []);
});

test('a build that does not end, is missing, or does not say why is told', (t) => {
  t.regex(whats(checkEnds(createEvidence({ record: { state: 'running' } }))), /BAAAAAAAAAA is running in attempt 1/);
  t.regex(whats(checkEnds(createEvidence({ record: { id: 'BOTHERBUILD' } }))), /BAAAAAAAAAA is not on record/);
  t.regex(whats(checkEnds(createEvidence({ record: { state: 'failed' } }))), /does not say why/);
});

test('a build that nobody knows of is told', (t) => {
  t.regex(whats(checkRequests(createEvidence({ record: { id: 'BOTHERBUILD' } }))), /BOTHERBUILD was told to nobody/);
});

test('a cancellation that was acknowledged and came to nothing is told', (t) => {
  t.regex(whats(checkCancelled(createEvidence({ accepted: { isCancelled: () => true } }))), /acknowledged.*complete/);
});

const DAMAGED_LOGS: Readonly<Record<string, string>> = {
  'that misses a line': 'web | counted line 1\n',
  'with two lines exchanged': 'web | counted line 2\nweb | counted line 1\n',
  'with a line twice': 'web | counted line 1\nweb | counted line 1\nweb | counted line 2\n',
  'without any': '',
  'whose last attempt has none': `${LOG}The worker was lost: this build goes back to the queue\n`,
};

for (const [how, log] of Object.entries(DAMAGED_LOGS)) {
  test(`a log ${how} is told`, (t) => {
    t.regex(whats(checkLines(createEvidence({ log }))), /of 2 lines the last attempt has/);
  });
}

test('a second attempt may say everything again, or find it cached', (t) => {
  const notes = [
    'The worker was lost: this build goes back to the queue\n',
    "It is not the build's fault: trying again in 2 s\n",
  ];
  for (const note of notes) {
    for (const again of [LOG, 'web [2/2] RUN x CACHED\n']) {
      t.deepEqual(checkLines(createEvidence({ log: `web | counted line 1\n${note}${again}` })), []);
    }
  }
});

test('a stream that said something else, or did not end, is told', (t) => {
  const see = (text: string, isWhole: boolean) =>
    createEvidence({ log: LOG, accepted: { streams: [{ text, isWhole }] } });
  t.regex(whats(checkStreams(see(LOG.slice(1), true))), /a whole stream of \d+ differs at 0/);
  t.regex(whats(checkStreams(see(LOG.slice(0, 9), true))), /a whole stream of 9 differs/);
  t.regex(whats(checkStreams(see('web [2/3]', false))), /a broken stream of 9 differs at 7/);
  t.regex(whats(checkStreams(see(LOG.slice(0, 9), false))), /no stream came to its end/);
});
