import { yamlType } from '../yaml/yaml-node.js';
import { type Shape, typeError } from './shape.js';

/** What editors see in place of a value that a variable has. */
const VARIABLE = '\\$\\{';

/** A text; numbers and booleans are texts as they are written: `1.10`, `yes`. */
export const text: Shape<string> = {
  accepts: ['string', 'int', 'float', 'bool'],
  label: 'string',
  schema: { type: ['string', 'number', 'boolean'] },
  read: (node, reading) => {
    if (node.kind !== 'scalar' || !text.accepts.includes(yamlType(node))) throw typeError(node, reading);
    return node.text;
  },
};

/** A text, and nothing that YAML takes for something else. */
export const string: Shape<string> = {
  accepts: ['string'],
  label: 'string',
  schema: { type: 'string' },
  read: (node, reading) => {
    if (node.kind !== 'scalar' || typeof node.value !== 'string') throw typeError(node, reading);
    return node.value;
  },
};

const WHOLE_NUMBER = '^[-+]?[0-9]{1,15}$';

/** A whole number; quotes around it do no harm, as they are needed where a variable is in it. */
export const int: Shape<number> = {
  accepts: ['int', 'string'],
  label: 'int',
  schema: { type: ['integer', 'string'], pattern: `${WHOLE_NUMBER}|${VARIABLE}` },
  read: (node, reading) => {
    const value = node.kind === 'scalar' ? node.value : undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    if (typeof value === 'string' && new RegExp(WHOLE_NUMBER).test(value)) return Number(value);
    throw typeError(node, reading);
  },
};

/** `true`, `yes`, `on`, or the opposite. */
export const bool: Shape<boolean> = {
  accepts: ['bool'],
  label: 'bool',
  schema: {
    type: ['boolean', 'string'],
    pattern: `^([yY]|[yY]es|YES|[nN]|[nN]o|NO|[oO]n|ON|[oO]ff|OFF)$|${VARIABLE}`,
  },
  read: (node, reading) => {
    if (node.kind !== 'scalar' || typeof node.value !== 'boolean') throw typeError(node, reading);
    return node.value;
  },
};

/** Whatever it is: builds leave it alone. */
export const anything: Shape<undefined> = {
  accepts: ['string', 'int', 'float', 'bool', 'list', 'map', 'null'],
  label: 'anything',
  schema: {},
  read: () => undefined,
};

/** A mapping that builds leave alone. */
export const anyMap: Shape<undefined> = {
  accepts: ['map'],
  label: 'map',
  schema: { type: 'object' },
  read: (node, reading) => {
    if (node.kind !== 'map') throw typeError(node, reading);
    return undefined;
  },
};
