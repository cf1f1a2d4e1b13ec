import test from 'ava';

import { describeForSlack } from './describe-for-slack.js';

test('describeForSlack() says what happened, and cannot be made to mention anybody', (t) => {
  const facts = { id: 'BABC', git_branch: 'main', git_sha: 'c'.repeat(40), message: 'exit code 1 <!channel> & more' };
  const body = describeForSlack({ event: 'build:create', app: 'shop', outcome: 'error', facts }, { rackName: 'prod' });
  const { text, blocks } = JSON.parse(body);
  t.is(
    text,
    '❌ *shop* was not built on prod\nBABC · main cccccccccccc\n&gt; exit code 1 &lt;!channel&gt; &amp; more'.replace(
      '&gt; ',
      '> ',
    ),
  );
  t.deepEqual(blocks, [{ type: 'section', text: { type: 'mrkdwn', text } }]);
});

test('describeForSlack() leaves out what nobody knows', (t) => {
  const delivery = { event: 'release:promote', app: 'shop', outcome: 'start', facts: { actor: 'ada' } } as const;
  t.is(
    JSON.parse(describeForSlack(delivery, { rackName: 'prod' })).text,
    '⏳ *shop* is being promoted on prod\nby ada',
  );
});
