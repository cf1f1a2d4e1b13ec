import { type AppManifest, parseManifest } from '@convox-builds/manifest';

import type { Attempt } from '../attempt.js';

/**
 * Parses the convox.yml that the client reported. Nothing is built with the app's environment: what is missing there can be
 * set before the release is promoted. Warnings go to the log.
 */
export function readReportedManifest({ build, environment, log }: Attempt): AppManifest {
  const options = { variables: environment, fileName: 'convox.yml', allowsMissing: true };
  const { manifest, warnings } = parseManifest(build.manifest, options);
  for (const warning of warnings) log.line(warning);
  return manifest;
}
