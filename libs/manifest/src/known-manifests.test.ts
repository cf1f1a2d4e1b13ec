import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import test from 'ava';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';

import { decodeManifest } from './decode-manifest.js';
import { manifestSchema } from './grammar/describe.js';
import { ManifestError } from './manifest-error.js';
import { parseManifest } from './parse-manifest.js';
import { type PlannedImage, planImages } from './plan-images.js';

/** convox.yml files as people write them, each with its known answer in a JSON file beside it. */
const FIXTURES = new URL('../fixtures/', import.meta.url);
const EXAMPLES = new URL('../../../examples/', import.meta.url);

/** What is known of a file. */
interface Answer {
  readonly variables: Readonly<Record<string, string>>;
  /** What is wrong with it: nothing else is known then. */
  readonly error?: readonly string[];
  readonly warnings?: readonly string[];
  /** Whether editors have nothing against it. */
  readonly isValid?: boolean;
  readonly images?: readonly unknown[];
  readonly services?: Readonly<Record<string, unknown>>;
}

function describeImage(image: PlannedImage): unknown {
  if (image.kind === 'copy') return image;
  const { places: _, ...rest } = image;
  return rest;
}

function answerFor(text: string, variables: Answer['variables']): Answer {
  const environment = new Map(Object.entries(variables));
  try {
    const { manifest, warnings } = parseManifest(text, { variables: environment, fileName: 'convox.yml' });
    const { images } = planImages({ manifest, environment, buildArgs: {}, platforms: [] });
    const services = Object.values(manifest.services).map(({ name, environment: list, imagePullSecrets, run }) => {
      const { scale, port, deployment } = run;
      return [
        name,
        { environment: list, ...(imagePullSecrets.length > 0 && { imagePullSecrets }), scale, port, deployment },
      ];
    });
    return {
      variables,
      warnings,
      isValid: isValid(text),
      images: images.map(describeImage),
      services: Object.fromEntries(services),
    };
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return { variables, error: error.message.split('\n') };
  }
}

const validate = new Ajv({ allowUnionTypes: true }).compile(manifestSchema());

/** What an editor would say, which reads YAML 1.2 and knows nothing of variables. */
function isValid(text: string): boolean {
  return validate(load(text.split(/^---$/m)[0] ?? '', { schema: CORE_SCHEMA.withTags(mergeTag) }));
}

const names = readdirSync(FIXTURES).flatMap((file) => (file.endsWith('.yml') ? [file.slice(0, -'.yml'.length)] : []));

for (const name of names) {
  test(`parseManifest() of ${name}.yml has its known answer`, (t) => {
    const bytes = readFileSync(new URL(`${name}.yml`, FIXTURES));
    const answer: Answer = JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8'));
    t.deepEqual(plain(answerFor(decodeManifest(bytes, 'convox.yml'), answer.variables)), answer);
  });
}

/** What JSON makes of it: without what is `undefined`. */
const plain = (answer: Answer): unknown => JSON.parse(JSON.stringify(answer));

for (const example of readdirSync(EXAMPLES)) {
  test(`examples/${example} is read without a warning, and valid for editors`, (t) => {
    const text = readFileSync(new URL(`${example}/convox.yml`, EXAMPLES), 'utf8');
    t.like(answerFor(text, {}), { warnings: [], isValid: true });
  });
}
