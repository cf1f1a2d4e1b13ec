import type { Place } from '../yaml/create-locator.js';
import { type YamlNode, yamlType } from '../yaml/yaml-node.js';
import { type Shape, typeError } from './shape.js';

/** An entry of a list of variables: `KEY`, `KEY=default` or `*`. */
export interface EnvironmentItem {
  readonly text: string;
  readonly place: Place;
}

/** Opens lists in the list, one level deep: that is how an anchor's list comes into another one. */
const flatten = (node: YamlNode): readonly YamlNode[] => (node.kind === 'list' ? node.items : [node]);

/** A list of variables. Items that are no strings are left out, with a warning. */
export const environment: Shape<readonly EnvironmentItem[]> = {
  accepts: ['list'],
  label: 'list of variables',
  schema: {
    type: 'array',
    items: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
  },
  read: (node, reading) => {
    if (node.kind !== 'list') throw typeError(node, reading);
    const { report } = reading;
    return node.items.flatMap(flatten).flatMap((item) => {
      const value = item.kind === 'scalar' ? item.value : undefined;
      if (typeof value === 'string' && value.trim() !== '') return [{ text: value, place: report.locate(item.offset) }];
      const what = typeof value === 'string' ? 'without a name' : `of type ${yamlType(item)}`;
      report.warn(item, `environment item ${what} is ignored, write KEY=value`);
      return [];
    });
  },
};
