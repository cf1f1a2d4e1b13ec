import { boolYaml11Tag, floatYaml11Tag, intYaml11Tag, NOT_RESOLVED, nullYaml11Tag } from 'js-yaml';

import type { YamlScalar } from './yaml-node.js';

type ScalarValue = YamlScalar['value'];

const TYPES = [nullYaml11Tag, boolYaml11Tag, intYaml11Tag, floatYaml11Tag];
const TYPES_BY_TAG: Readonly<Record<string, (typeof TYPES)[number]>> = {
  null: nullYaml11Tag,
  bool: boolYaml11Tag,
  int: intYaml11Tag,
  float: floatYaml11Tag,
};

/** What a scalar without quotes is in YAML 1.1: `yes` and `on` are booleans, `010` is 8. */
export function resolvePlain(text: string): ScalarValue {
  // As Convox reads it, `22:22` is a text and no number to the base of 60.
  if (text.includes(':')) return text;
  for (const type of TYPES) {
    const value = type.resolve(text, false, type.tagName);
    if (value !== NOT_RESOLVED) return value;
  }
  return text;
}

/** Tells the name of a tag of YAML's own: `str` for `!!str`, `!<tag:yaml.org,2002:str>` and `!`. */
export function standardTag(rawTag: string): string | undefined {
  if (rawTag === '!') return 'str';
  return /^(?:!!|!<tag:yaml\.org,2002:)(\w+)>?$/.exec(rawTag)?.[1];
}

/** A scalar with a tag, or `undefined` when the tag is none that we know, or does not fit. */
export function resolveTagged(text: string, rawTag: string): ScalarValue | undefined {
  const tag = standardTag(rawTag);
  if (tag === 'str' || tag === 'timestamp' || tag === 'merge') return text;
  const type = Object.hasOwn(TYPES_BY_TAG, tag ?? '') ? TYPES_BY_TAG[tag ?? ''] : undefined;
  const value = type?.resolve(text, true, type.tagName);
  return value === NOT_RESOLVED ? undefined : value;
}
