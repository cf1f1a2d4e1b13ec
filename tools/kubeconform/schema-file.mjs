import { join } from 'node:path';

import { TOOLS } from '../set-up/stamp.mjs';

/** Where the schemas are. */
export const SCHEMAS = join(TOOLS, 'kubernetes-schemas');

/** What kubeconform calls the schema of a kind: with the first word of its group. */
export function schemaFile({ group, version, kind }) {
  const [firstWord] = group.split('.');
  return `${[kind, firstWord, version].filter(Boolean).join('-').toLowerCase()}.json`;
}
