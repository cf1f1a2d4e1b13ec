import { rmSync } from 'node:fs';

import { hashFiles, isStamped, stamp } from '../set-up/stamp.mjs';
import { writeCustomSchemas } from './custom-schemas.mjs';
import { VERSIONS, writeKubernetesSchemas } from './kubernetes-schemas.mjs';
import { SCHEMAS } from './schema-file.mjs';

const FOLDER = 'tools/kubeconform';

/** Makes the schemas by which kubeconform judges, from the modules that define what they describe. */
export function makeSchemas() {
  const made = hashFiles(`${FOLDER}/kubernetes-schemas.mjs`, `${FOLDER}/custom-schemas.mjs`);
  if (isStamped('kubernetes-schemas', made)) return undefined;
  rmSync(SCHEMAS, { recursive: true, force: true });
  const versions = Object.keys(VERSIONS);
  for (const version of versions) writeKubernetesSchemas(version);
  writeCustomSchemas();
  stamp('kubernetes-schemas', made);
  return `made of ${versions.join(', ')}`;
}
