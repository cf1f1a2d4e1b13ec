import test from 'ava';
import { COMMANDS } from './command-table.js';
import { runConvox } from './testing/run-convox.js';

for (const { name, load } of COMMANDS) {
  test(`convox ${name}: has help with examples, and refuses an option that it does not know`, async (t) => {
    const words = name.split(' ');
    const help = await runConvox([...words, '--help']);
    t.deepEqual([help.code, help.stderr], [0, '']);
    t.true(help.stdout.startsWith(`Usage: convox ${name} [options]`), help.stdout);
    for (const example of (await load()).examples) t.true(help.stdout.includes(`  convox ${example}\n`), help.stdout);
    const below = COMMANDS.filter((other) => other.name.startsWith(`${name} `));
    for (const other of below) t.true(help.stdout.includes(`  ${other.name}`), other.name);
    const { code, stdout, stderr } = await runConvox([...words, '--bogus']);
    t.deepEqual([code, stdout], [1, '']);
    t.regex(stderr, /^ERROR: [^\n]+\(see: convox [^\n]+ --help\)\n$/);
  });
}
