// Everything that a library exports has a doc comment.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const EXPORTED = /export \{([^}]*)\} from '([^']+)'/g;

function exportsOf(index) {
  return [...readFileSync(index, 'utf8').matchAll(EXPORTED)].flatMap(([, names, from]) =>
    names
      .split(',')
      .map(
        (name) =>
          name
            .replace(/^\s*type\s+/, '')
            .trim()
            .split(/\s/)[0],
      )
      .filter((name) => name !== '')
      .map((name) => ({ name, path: join(dirname(index), from.replace(/\.js$/, '.ts')) })),
  );
}

function isDocumented({ name, path }) {
  const declared = `export (?:declare )?(?:abstract )?(?:async )?(?:function\\*?|const|class|interface|type|enum) ${name}\\b`;
  return new RegExp(`\\*/\\n${declared}`).test(readFileSync(path, 'utf8'));
}

const undocumented = readdirSync('libs')
  .map((name) => join('libs', name, 'src/index.ts'))
  .flatMap(exportsOf)
  .filter((exported) => !isDocumented(exported));
for (const { name, path } of undocumented) process.stdout.write(`${path}: ${name} has no doc comment\n`);
process.exit(undocumented.length === 0 ? 0 : 1);
