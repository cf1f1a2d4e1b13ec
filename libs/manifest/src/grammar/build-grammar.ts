import type { Place } from '../yaml/create-locator.js';
import { yamlType } from '../yaml/yaml-node.js';
import { list } from './collection-shapes.js';
import { type KeysRead, key, keys } from './keys.js';
import { string, text } from './scalar-shapes.js';
import { converted, either, type Shape, typeError } from './shape.js';

/** A build argument as it is written; without a value it has the app's variable of that name. */
export interface WrittenArgument {
  readonly name: string;
  readonly value: string | undefined;
  readonly place: Place;
}

const argument = converted(text, (written, node, { report }): WrittenArgument => {
  const equals = written.indexOf('=');
  const place = report.locate(node.offset);
  if (equals === -1) return { name: written.trim(), value: undefined, place };
  return { name: written.slice(0, equals).trim(), value: written.slice(equals + 1), place };
});

const argumentMap: Shape<readonly WrittenArgument[]> = {
  accepts: ['map'],
  label: 'map of string',
  schema: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } },
  read: (node, reading) => {
    if (node.kind !== 'map') throw typeError(node, reading);
    return [...node.entries].map(([name, entry]) => ({
      name,
      value: yamlType(entry.value) === 'null' ? undefined : text.read(entry.value, reading),
      place: reading.report.locate(entry.key.offset),
    }));
  },
};

/** Keys of `build`. */
export const BUILD_KEYS = {
  path: key(text, 'Folder of the build context, relative to the root of the source; default `.`'),
  manifest: key(text, 'Dockerfile, relative to `path`; default `Dockerfile`'),
  args: key(
    either<readonly WrittenArgument[]>(list(argument), argumentMap),
    'Build arguments, `NAME=value`; a bare `NAME` has the value of the app’s variable',
  ),
  target: key(text, 'Stage to build; default the last one'),
  secrets: key(list(text), 'Variables of the app that `RUN --mount=type=secret,id=NAME` may read'),
  platforms: key(list(text), 'Platforms to build for, e.g. `linux/arm64`; several make one image index'),
};

/** `build` as it is written. */
export type WrittenBuild = Partial<KeysRead<typeof BUILD_KEYS>>;

/** `build`: a path, or a mapping. */
export const build: Shape<WrittenBuild> = either<WrittenBuild>(
  converted(string, (path, node, { report }) => report.remember({ path }, node)),
  keys(BUILD_KEYS, { meant: { dockerfile: 'manifest', context: 'path' } }),
);
