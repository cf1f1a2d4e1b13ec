import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { downloadModule } from './download-module.mjs';
import { SCHEMAS, schemaFile } from './schema-file.mjs';

/** Kinds of others that the chart makes on demand: which modules define them, and in which of their files. */
const SOURCES = [
  {
    module: 'github.com/kedacore/keda/v2@v2.21.0',
    checksum: 'h1:R6z2HZvstK4RLUMxroNACzBj74xGxt3kG59b5Xc+Xps=',
    files: ['scaledobjects', 'triggerauthentications'].map((name) => `config/crd/bases/keda.sh_${name}.yaml`),
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    checksum: 'h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=',
    files: ['prometheusrules', 'servicemonitors'].map(
      (name) => `example/prometheus-operator-crd/monitoring.coreos.com_${name}.yaml`,
    ),
  },
];

/** Refuses unknown fields, as the api of a cluster does: the schemas themselves leave that open. */
function makeStrict(schema) {
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) return schema;
  const strict = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, makeStrict(value)]));
  const isOpen = typeof schema.properties !== 'object' || schema['x-kubernetes-preserve-unknown-fields'] === true;
  return isOpen ? strict : { additionalProperties: false, ...strict };
}

/** Writes the schemas of kinds that are not Kubernetes' own. */
export function writeCustomSchemas() {
  mkdirSync(SCHEMAS, { recursive: true });
  for (const { module, checksum, files } of SOURCES) {
    const folder = downloadModule(module, checksum);
    for (const file of files) {
      const { group, names, versions } = parse(readFileSync(join(folder, file), 'utf8')).spec;
      for (const { name: version, schema } of versions) {
        const target = join(SCHEMAS, schemaFile({ group, version, kind: names.kind }));
        writeFileSync(target, JSON.stringify(makeStrict(schema.openAPIV3Schema)));
      }
    }
  }
}
