import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

import { ROOT } from '../set-up/stamp.mjs';
import { lazyBuiltins } from './lazy-builtins.mjs';

const CLI = join(ROOT, 'apps/cli');
const FILE = 'convox.mjs';

/** The licences of what has gone into the bundle; they ask for that. */
function collectLicences(inputs) {
  const packages = Object.keys(inputs).flatMap(
    (path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  );
  return [...new Set(packages)].map((folder) => {
    const licence = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
    return `${folder.replace(/.*node_modules\//, '')}\n\n${readFileSync(join(folder, licence), 'utf8').trim()}\n`;
  });
}

async function writeBundle(outfile, { version, engines }) {
  const { metafile } = await build({
    entryPoints: [join(CLI, 'bin/convox.js')],
    outfile,
    bundle: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: `node${/\d+\.\d+/.exec(engines.node)[0]}`,
    minify: true,
    define: { CONVOX_VERSION: JSON.stringify(version) },
    plugins: [lazyBuiltins],
  });
  chmodSync(outfile, 0o755);
  return collectLicences(metafile.inputs);
}

/**
 * Makes a package of the compiled command that `npm pack` and `npm install -g` take, and whose one file runs by itself.
 *
 * @returns the path of that file
 */
export async function bundleCommand(folder) {
  const own = JSON.parse(readFileSync(join(CLI, 'package.json'), 'utf8'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const licences = await writeBundle(join(folder, FILE), own);
  const { name, version, description, license, type, engines } = own;
  const published = { name, version, description, license, type, engines, bin: { convox: FILE } };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES'), licences.join('\n\n'));
  copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  return join(folder, FILE);
}
