import test from 'ava';

import { createLogger } from './create-logger.js';
import { createMaskedLogger } from './create-masked-logger.js';

test('createMaskedLogger(): masks secrets wherever they are in an error, and keeps the rest', (t) => {
  let output = '';
  const parent = createLogger({ name: 'test', destination: { write: (line: string) => void (output += line) } });
  const mask = (text: string) => text.replaceAll('s3cret', '****');
  const logger = createMaskedLogger(parent, { fields: { buildId: 'BAAAAAAAAAA' }, mask });
  const cause = new Error('no s3cret was found');
  const error = new Error('the s3cret is out', { cause });
  const vertex = { name: 'RUN echo s3cret', lines: [{ number: 4, text: 'echo s3cret' }] };
  logger.error({ err: Object.assign(error, { vertex }) }, 'Build failed on our side');
  t.notRegex(output, /s3cret/);
  const line = JSON.parse(output);
  t.like(line, { buildId: 'BAAAAAAAAAA', msg: 'Build failed on our side' });
  t.like(line.err, { vertex: { name: 'RUN echo ****', lines: [{ number: 4, text: 'echo ****' }] } });
  t.regex(line.err.message, /the \*\*\*\* is out/);
});
