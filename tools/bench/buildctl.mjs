import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { TOOLS } from '../set-up/stamp.mjs';

const BUILDCTL = join(TOOLS, 'bin/buildctl');

/** The arguments with which a person would build a Dockerfile. `output` and the caches are as in buildctl's manual. */
function buildArguments(build) {
  const { address, context, filename = 'Dockerfile', buildArgs = {}, output, importCache, exportCache } = build;
  const args = ['--addr', address, 'build', '--frontend', 'dockerfile.v0'];
  args.push('--local', `context=${context}`, '--local', `dockerfile=${context}`, '--opt', `filename=${filename}`);
  for (const [name, value] of Object.entries(buildArgs)) args.push('--opt', `build-arg:${name}=${value}`);
  const options = { output, 'import-cache': importCache, 'export-cache': exportCache };
  for (const [name, value] of Object.entries(options)) if (value !== undefined) args.push(`--${name}`, value);
  return args;
}

/** Builds with BuildKit's own command, its log into a file. */
async function buildIntoFile({ logPath, environment, ...build }) {
  const file = openSync(logPath, 'w');
  const buildctl = spawn(BUILDCTL, [...buildArguments(build), '--progress=plain'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', file, file],
  });
  const [code] = await once(buildctl, 'close');
  closeSync(file);
  if (code !== 0) throw new Error(`buildctl ended with ${code}:\n${readFileSync(logPath, 'utf8').slice(-2000)}`);
}

/** Builds with BuildKit's own command. `logPath`: where its log goes in full; otherwise nobody reads it. */
export async function buildWithBuildctl({ environment = {}, logPath, ...build }) {
  if (logPath !== undefined) return buildIntoFile({ logPath, environment, ...build });
  const buildctl = spawn(BUILDCTL, buildArguments(build), {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  buildctl.stderr.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const [code] = await once(buildctl, 'close');
  if (code !== 0) throw new Error(`buildctl ended with ${code}:\n${output.slice(-2000)}`);
}
