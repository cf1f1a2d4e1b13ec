import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const COMMITS = 20_000;
const FILES = 5000;
const FILE_BYTES = 4000;

const pathOf = (index) => `folder-${Math.floor(index / 100)}/file-${index % 100}.js`;

function textOf(seed) {
  let text = `// ${seed}\n`;
  for (let line = 0; text.length < FILE_BYTES; line++) {
    const word = ((line + 1) * 2654435761 + seed * 40503 + text.length).toString(36);
    text += `export const ${word} = read('${word.slice(0, 5)}', ${line});\n`;
  }
  return text;
}

const data = (text) => `data ${Buffer.byteLength(text)}\n${text}\n`;

function commit(number, files, parent = '') {
  const changes = files.map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`).join('');
  const who = `committer Ann <ann@example.org> ${1_600_000_000 + number * 60} +0000`;
  return `commit refs/heads/main\n${who}\n${data(`change ${number}`)}${parent}${changes}\n`;
}

/** Writes commits as git-fast-import(1) reads them: all files first, and then one changed file in each. */
function* writeHistory() {
  const all = Array.from({ length: FILES }, (_, index) => [pathOf(index), textOf(index)]);
  yield commit(0, all);
  for (let number = 1; number < COMMITS; number++) {
    const index = (number * 997) % FILES;
    yield commit(number, [[pathOf(index), `${textOf(index)}// ${number}\n`]]);
  }
}

/** Makes `large.git` with 20,000 commits and 5,000 files in a folder. */
export async function createLargeRepository(folder) {
  const repository = join(folder, 'large.git');
  const git = (...args) => {
    const { status, stderr } = spawnSync('git', ['-C', repository, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`Cannot make the repository: ${stderr}`);
  };
  spawnSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', repository]);
  const fastImport = async (pieces) => {
    const child = spawn('git', ['-C', repository, 'fast-import', '--quiet', '--force'], {
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    for (const piece of pieces) if (!child.stdin.write(piece)) await once(child.stdin, 'drain');
    child.stdin.end();
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`Cannot make the repository: fast-import ended with ${code}`);
  };
  await fastImport(writeHistory());
  git('repack', '-adq', '--depth=20', '--window=5');
  git('config', 'uploadpack.allowFilter', 'true');
  let edition = COMMITS;
  return {
    /** Commits a change of ten files, far from each other. */
    change: async () => {
      edition++;
      const indices = Array.from({ length: 10 }, (_, change) => (change * 499 + edition * 13) % FILES);
      const files = indices.map((index) => [pathOf(index), `${textOf(index)}// edition ${edition}\n`]);
      await fastImport([commit(edition, files, 'from refs/heads/main^0\n')]);
    },
  };
}
