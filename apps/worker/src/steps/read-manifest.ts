import type { TarSource } from '@convox-builds/buildkit-client';
import { BuildFailure } from '@convox-builds/domain';
import { type AppManifest, parseManifest } from '@convox-builds/manifest';

import type { Attempt } from '../attempt.js';
import { AttemptStop } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';

const MAX_MANIFEST_BYTES = 256 * 1024;

/**
 * Reads convox.yml (or the file that the build names), stores its raw text on the build, and parses it with the app's
 * environment and the build's arguments. Warnings go to the log.
 */
export async function readManifest(attempt: Attempt, source: TarSource, { store }: WorkerParts): Promise<AppManifest> {
  const { build, claim, environment, log } = attempt;
  const fileName = build.options.manifest === '' ? 'convox.yml' : build.options.manifest;
  const bytes = await source.readFile(fileName, { maxBytes: MAX_MANIFEST_BYTES });
  if (bytes === undefined) throw new BuildFailure('user', `no such file: ${fileName}`);
  const text = bytes.toString('utf8');
  if (!(await store.attempts.saveManifest(claim, text))) throw new AttemptStop('lost');
  const variables = new Map([...environment, ...Object.entries(build.options.buildArgs)]);
  const { manifest, warnings } = parseManifest(text, { variables, fileName });
  for (const warning of warnings) log.line(warning);
  return manifest;
}
