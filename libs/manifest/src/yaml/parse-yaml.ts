import { parseEvents, YAMLException } from 'js-yaml';
import { MAX_MANIFEST_BYTES } from '../decode-manifest.js';
import { errorAt, type Remark } from '../manifest-error.js';
import { composeYaml } from './compose-yaml.js';
import { createLocator, type Locator } from './create-locator.js';
import { type Interpolation, interpolate } from './interpolate.js';
import { createScalarReader, explainPasting, type ScalarReader } from './read-scalar.js';
import type { YamlEvent } from './yaml-events.js';
import type { YamlNode } from './yaml-node.js';

const MAX_DEPTH = 64;
const MAX_PARTS = 20_000;
const MAX_VARIABLES = 2000;

/** A text as YAML. */
export interface ParsedYaml {
  /** `undefined` for a text without anything in it. */
  readonly root: YamlNode | undefined;
  /** Names of the variables whose values are in it. */
  readonly usedNames: ReadonlySet<string>;
  readonly locate: Locator;
  readonly warnings: readonly Remark[];
}

/** What is too large is refused before any time is spent on it: each of these is far above what an honest manifest has. */
function assertSize(text: string, fileName: string): void {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  const limits = [
    { what: 'bytes', most: MAX_MANIFEST_BYTES, found: Buffer.byteLength(text) },
    { what: 'lines', most: MAX_PARTS, found: count(/\r\n|\r|\n/g) },
    { what: 'commas', most: MAX_PARTS, found: count(/,/g) },
    { what: 'variables', most: MAX_VARIABLES, found: count(/\$\{/g) },
  ];
  const { what, most } = limits.find(({ most: limit, found }) => found > limit) ?? {};
  if (what !== undefined) throw errorAt({ fileName, line: 1, column: 1 }, 'syntax', `more than ${most} ${what}`);
}

function parse(text: string, locate: Locator): YamlEvent[] {
  try {
    return parseEvents(text, { maxDepth: MAX_DEPTH });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw errorAt(locate(0), 'syntax', String(error));
    throw errorAt(locate(Math.min(error.mark?.position ?? 0, text.length)), 'syntax', error.reason);
  }
}

/** Values in comments are never read; in a pasted text a line break would have led out of the comment. */
function warnOfComments(
  { marks, valueOf }: Interpolation,
  { filled, locate }: { filled: ScalarReader['filled']; locate: Locator },
): Remark[] {
  return marks
    .filter(({ offset, name }) => !filled.has(offset) && /[\r\n]/.test(valueOf(name)))
    .map((mark) => ({ place: locate(mark.offset), text: explainPasting([mark]) }));
}

/**
 * Parses a manifest's text: variables become marks, then YAML 1.1, then the values come into their places.
 *
 * @throws {ManifestError}
 */
export function parseYaml(
  text: string,
  { variables, fileName }: { variables: ReadonlyMap<string, string>; fileName: string },
): ParsedYaml {
  assertSize(text, fileName);
  const locate = createLocator(text, fileName);
  const interpolation = interpolate(text, { variables, locate });
  const warnings: Remark[] = [];
  const warn = (remark: Remark) => void warnings.push(remark);
  const scalars = createScalarReader({ original: text, interpolation, locate, warn });
  const events = parse(interpolation.text, locate);
  const [root, second] = composeYaml(events, { text: interpolation.text, scalars, locate });
  if (second !== undefined && !(second.kind === 'scalar' && second.value === null))
    warn({ place: locate(second.offset), text: 'only the first document of this file is read' });
  const { filled } = scalars;
  const usedNames = new Set(interpolation.marks.filter(({ offset }) => filled.has(offset)).map(({ name }) => name));
  return { root, usedNames, locate, warnings: [...warnings, ...warnOfComments(interpolation, { filled, locate })] };
}
