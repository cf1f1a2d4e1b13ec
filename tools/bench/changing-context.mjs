import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = 100;
const FILES_IN_FOLDER = 100;
/** Beside the Dockerfile and convox.yml. */
const FILES = FOLDERS * FILES_IN_FOLDER - 1;
const FILE_BYTES = 4096;

/** How many files each change touches. */
export const CHANGED_FILES = 10;

/** Text that looks like source: it can be compressed, though not to nothing. */
function writeText(seed) {
  let text = `// ${seed}\n`;
  for (let line = 0; text.length < FILE_BYTES; line++) {
    const word = ((line + 1) * 2654435761 + text.length * 40503).toString(36);
    text += `export const ${word} = read('${word.slice(0, 5)}', ${line});\n`;
  }
  return text.slice(0, FILE_BYTES);
}

const fileAt = (context, index) =>
  join(context, `folder-${Math.floor(index / FILES_IN_FOLDER)}`, `file-${index % FILES_IN_FOLDER}.js`);

/** Makes a context of 10,001 files. Contexts of different names share no content: the daemon cannot know one from another. */
export function createChangingContext(context, name) {
  for (let folder = 0; folder < FOLDERS; folder++) mkdirSync(join(context, `folder-${folder}`), { recursive: true });
  for (let index = 0; index < FILES; index++) {
    writeFileSync(fileAt(context, index), writeText(`${name} ${index}`));
  }
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY . /\n');
  writeFileSync(join(context, 'convox.yml'), 'services:\n  web: {build: .}\n');
  let edition = 0;
  return {
    files: FILES + 2,
    /** Changes ten files, far from each other. */
    change: () => {
      edition++;
      for (let change = 0; change < CHANGED_FILES; change++) {
        const file = fileAt(context, (change * 997 + edition * 13) % FILES);
        writeFileSync(file, writeText(`${name} ${change} in edition ${edition}`));
        // An archive has whole seconds, and rounds may be shorter than one.
        const time = 1_700_000_000 + edition * 60;
        utimesSync(file, time, time);
      }
    },
  };
}
