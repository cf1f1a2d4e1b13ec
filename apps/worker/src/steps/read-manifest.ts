import type { TarSource } from '@convox-builds/buildkit-client';
import { BuildFailure } from '@convox-builds/domain';
import { type AppManifest, decodeManifest, MAX_MANIFEST_BYTES, parseManifest } from '@convox-builds/manifest';

import type { Attempt } from '../attempt.js';
import { AttemptStop } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';

/**
 * Reads convox.yml (or the file that the build names), stores its raw text on the build, and parses it with the app's
 * environment and the build's arguments. Warnings go to the log.
 */
export async function readManifest(attempt: Attempt, source: TarSource, { store }: WorkerParts): Promise<AppManifest> {
  const { build, claim, environment, log } = attempt;
  const fileName = build.options.manifest === '' ? 'convox.yml' : build.options.manifest;
  if ((source.stat(fileName)?.size ?? 0) > MAX_MANIFEST_BYTES)
    throw new BuildFailure('user', `${fileName}:1:1: more than ${MAX_MANIFEST_BYTES} bytes`);
  const bytes = await source.readFile(fileName, { maxBytes: MAX_MANIFEST_BYTES });
  if (bytes === undefined) throw new BuildFailure('user', `no such file: ${fileName}`);
  const text = decodeManifest(bytes, fileName);
  if (!(await store.attempts.saveManifest(claim, text))) throw new AttemptStop('lost');
  const variables = new Map([...environment, ...Object.entries(build.options.buildArgs)]);
  const { manifest, warnings } = parseManifest(text, { variables, fileName });
  for (const warning of warnings) log.line(warning);
  return manifest;
}
