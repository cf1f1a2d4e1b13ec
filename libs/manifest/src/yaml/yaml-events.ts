import {
  type EVENT_ALIAS,
  type EVENT_MAPPING,
  type EVENT_SCALAR,
  type EVENT_SEQUENCE,
  type parseEvents,
  SCALAR_STYLE,
} from 'js-yaml';

/** What the parser found, in the order of the text. */
export type YamlEvent = ReturnType<typeof parseEvents>[number];
export type ScalarEvent = Extract<YamlEvent, { type: typeof EVENT_SCALAR }>;
export type AliasEvent = Extract<YamlEvent, { type: typeof EVENT_ALIAS }>;
export type CollectionEvent = Extract<YamlEvent, { type: typeof EVENT_SEQUENCE | typeof EVENT_MAPPING }>;

const isQuoted = ({ style }: ScalarEvent) =>
  style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;

/** Where a scalar begins, its quote included; `undefined` for one that is not written out. */
export function scalarOffset(event: ScalarEvent): number | undefined {
  if (event.valueStart !== -1) return isQuoted(event) ? event.valueStart - 1 : event.valueStart;
  if (event.tagStart !== -1) return event.tagStart;
  return event.anchorStart === -1 ? undefined : event.anchorStart - 1;
}
