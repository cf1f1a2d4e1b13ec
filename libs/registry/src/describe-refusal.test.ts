import test from 'ava';

import { describeRefusal } from './describe-refusal.js';

test('describeRefusal() gives the messages of the registry, or what it says instead', (t) => {
  const unknown = { code: 'MANIFEST_UNKNOWN', message: 'manifest unknown', detail: { Tag: 'nope' } };
  t.is(describeRefusal(JSON.stringify({ errors: [unknown] })), 'manifest unknown');
  t.is(describeRefusal(JSON.stringify({ errors: [unknown, { code: 'DENIED' }] })), 'manifest unknown; DENIED');
  for (const body of ['{"errors":{}}', '{"errors":[null]}', '{}', 'null', '[]']) t.is(describeRefusal(body), body);
  t.is(describeRefusal(' <html>\n  bad   gateway\n'), '<html> bad gateway');
  t.is(describeRefusal(''), '');
  t.is(describeRefusal('x'.repeat(1000)).length, 300);
});
