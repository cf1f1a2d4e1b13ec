import test from 'ava';

import { createLogger } from './create-logger.js';

function capture(fields: object): string {
  let output = '';
  const destination = { write: (line: string) => void (output += line) };
  createLogger({ name: 'test', destination }).info(fields, 'Something happened');
  return output;
}

test('createLogger(): writes name, message and fields as one JSON line', (t) => {
  const line = JSON.parse(capture({ buildId: 'BAAAAAAAAAA' })) as unknown;
  t.like(line, { name: 'test', msg: 'Something happened', buildId: 'BAAAAAAAAAA' });
});

test('createLogger(): hides secrets in fields, headers and error messages', (t) => {
  const output = capture({
    password: 's3cret',
    request: { headers: { authorization: 'Basic s3cret' }, token: 's3cret' },
    err: new Error('Cannot connect to "postgres://rack:s3cret@localhost/rack"'),
  });
  t.notRegex(output, /s3cret/);
  t.regex(output, /postgres:\/\/\*\*\*@localhost/);
  t.notRegex(capture({ err: Object.assign(new Error('no connection'), { bindings: ['s3cret'] }) }), /s3cret/);
});
