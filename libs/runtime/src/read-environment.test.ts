import test from 'ava';
import { z } from 'zod';

import { EnvironmentError } from './environment-error.js';
import { readEnvironment } from './read-environment.js';

const schema = z
  .object({
    DATABASE_URL: z.string(),
    PORT: z.coerce.number().int().max(65_535).default(5080),
    PASSWORD: z.string().min(8),
  })
  .transform(({ PORT }) => ({ port: PORT }));

test('readEnvironment(): applies defaults and transforms, and takes an empty variable as not set', (t) => {
  t.deepEqual(readEnvironment(schema, { DATABASE_URL: 'x', PORT: '', PASSWORD: 'long enough' }), { port: 5080 });
});

test('readEnvironment(): names every missing or wrong variable on a line of its own', (t) => {
  const source = { PORT: '99999', PASSWORD: 'secret' };
  const error = t.throws(() => readEnvironment(schema, source), { instanceOf: EnvironmentError });
  const lines = error.message.split('\n');
  t.is(lines.length, 4);
  t.is(lines[1], '  DATABASE_URL: is required and not set');
  t.regex(lines[2] ?? '', /^ {2}PORT: .*65535/);
  t.regex(lines[3] ?? '', /^ {2}PASSWORD: /);
  t.notRegex(error.message, /secret/);
});
