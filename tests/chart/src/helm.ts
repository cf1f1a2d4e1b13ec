import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { findTool } from '@convox-builds/testing';
import { loadAll } from 'js-yaml';
import { z } from 'zod';

const run = promisify(execFile);
/** Root of the workspace. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CHART = `${ROOT}deploy/helm`;

export const FOLDER = `${ROOT}tests/chart`;

const manifestSchema = z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) });

/** One object of Kubernetes. */
export type Manifest = z.infer<typeof manifestSchema>;

/** What stands in the place of what is different each time. */
function withoutChance(text: string): string {
  return text.replace(/^( {2}[A-Za-z.]\S*: )[A-Za-z0-9+/]{16,}={0,2}$/gm, '$1CHANCE');
}

async function helm(...args: string[]): Promise<string> {
  return (await run(findTool('helm'), args, { maxBuffer: 64 * 1024 * 1024 })).stdout;
}

/** Checks the chart as `helm lint` does. */
export const lint = (): Promise<string> => helm('lint', '--strict', CHART);

/** Renders the chart with a file of values, for a cluster that has everything. */
export async function render(values: string, { name = 'rack', flags = [] as string[] } = {}): Promise<string> {
  const file = `${FOLDER}/values/${values}.yaml`;
  const cluster = ['--kube-version', '1.37.0', '--namespace', 'builds', '--values', file];
  return withoutChance(await helm('template', name, CHART, ...cluster, ...flags));
}

/** Reads the objects that a rendered text names. */
export function parseManifests(text: string): Manifest[] {
  return loadAll(text)
    .filter((document) => document !== null && document !== undefined)
    .map((document) => manifestSchema.parse(document));
}
