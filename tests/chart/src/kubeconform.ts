import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';

import { findTool } from '@convox-builds/testing';

import { ROOT } from './helm.js';

const run = promisify(execFile);
const SCHEMAS = `${ROOT}.tools/kubernetes-schemas`;
const KIND = '{{ .ResourceKind }}{{ .KindSuffix }}.json';

/** The versions of Kubernetes whose schemas set-up has made. */
export const VERSIONS = readdirSync(SCHEMAS).filter((name) => /^v\d/.test(name));

/**
 * Holds files of objects against the schemas of one version.
 *
 * @throws {Error} that says which object is wrong, and where, when one is
 */
export async function conform(version: string, files: readonly string[]): Promise<void> {
  const locations = [`${SCHEMAS}/${version}/${KIND}`, `${SCHEMAS}/${KIND}`];
  const flags = locations.flatMap((location) => ['-schema-location', location]);
  await run(findTool('kubeconform'), [...flags, ...files]).catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
}
