import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { downloadModule } from './download-module.mjs';
import { SCHEMAS, schemaFile } from './schema-file.mjs';

/** Versions that the chart is for, the oldest, one in the middle and the newest, with the checksums of their modules. */
export const VERSIONS = {
  'v1.28.15': 'h1:d91N2Znk+E8REIJZlrD6za2JtIwvEypa0DB1IoU4fJ0=',
  'v1.34.4': 'h1:Yy6R4QB8C9kJPp25GFqEvX5XQwY5qzKeqD0Xx6oAcmk=',
  'v1.37.2': 'h1:A2VDEiObzkYqFTKhSsn0ZEb0RlLEXpHWj93gi2HqEwE=',
};

/** Values that the specification calls texts and that may be numbers, too. */
const isNumberOrText = (name, { format }) => format === 'int-or-string' || name.endsWith('.resource.Quantity');

/** A definition that refuses what it does not know: a misspelt field is no field. */
function makeStrict(name, definition) {
  if (isNumberOrText(name, definition)) return { type: ['string', 'number'] };
  return definition.properties === undefined ? definition : { ...definition, additionalProperties: false };
}

/** Writes the schemas of one version of Kubernetes, as its specification has them. */
export function writeKubernetesSchemas(version) {
  const folder = join(SCHEMAS, version);
  const module = downloadModule(`k8s.io/kubernetes@${version}`, VERSIONS[version]);
  const { definitions } = JSON.parse(readFileSync(join(module, 'api/openapi-spec/swagger.json'), 'utf8'));
  mkdirSync(folder, { recursive: true });
  const write = (file, schema) => writeFileSync(join(folder, file), JSON.stringify(schema));
  for (const [name, definition] of Object.entries(definitions)) {
    for (const kind of definition['x-kubernetes-group-version-kind'] ?? [])
      write(schemaFile(kind), { $ref: `definitions.json#/definitions/${name}` });
  }
  const strict = Object.entries(definitions).map(([name, definition]) => [name, makeStrict(name, definition)]);
  write('definitions.json', { definitions: Object.fromEntries(strict) });
}
