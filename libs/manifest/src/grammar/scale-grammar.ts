import { quote } from '../quote.js';
import { key, keys } from './keys.js';
import { anyMap, anything, bool, int, string } from './scalar-shapes.js';
import { converted, either, type Shape, valueError } from './shape.js';

/** How many processes of a service run. */
export interface ScaleCount {
  readonly min: number;
  readonly max: number;
}

const COUNT = /^(\d{1,9})(?:-(\d{1,9})|\+)?$/;

/** `3`, `"1-3"`, `{min: 1, max: 3}` */
const count: Shape<ScaleCount> = either<ScaleCount>(
  {
    ...int,
    accepts: ['int'],
    read: (node, reading) => {
      const number = int.read(node, reading);
      return { min: number, max: number };
    },
  },
  converted(string, (written, node, reading) => {
    const [, min, max = min] = COUNT.exec(written.trim()) ?? [];
    if (min === undefined) throw valueError(node, reading, `invalid scale: ${quote(written)}, write 2 or 1-3`);
    return { min: Number(min), max: Number(max) };
  }),
  converted(
    keys({
      min: key(int, 'At least so many'),
      max: key(int, 'At most so many'),
    }),
    ({ min = 0, max = min }) => ({ min, max }),
  ),
);

const limit = keys({
  cpu: key(int, 'Most CPU, in thousandths of one'),
  memory: key(int, 'Most memory, in MB'),
});

const gpu: Shape<number> = either<number>(
  { ...int, accepts: ['int'] },
  converted(
    keys({
      count: key(int, 'How many', { fallback: 0 }),
      vendor: key(string, 'Whose: `nvidia` or `amd`'),
    }),
    ({ count: gpus }) => gpus,
  ),
);

/** Keys of `scale`. */
export const SCALE_KEYS = {
  count: key(count, 'Processes: `2`, `1-3`, or `{min, max}`'),
  cpu: key(int, 'CPU of one process, in thousandths of one; default 250'),
  memory: key(int, 'Memory of one process, in MB; default 512'),
  gpu: key(gpu, 'GPUs of one process'),
  limit: key(limit, 'Most that one process may have; not below what it asks for'),
  targets: key(anyMap, 'Load at which processes are added'),
  min: key(int, 'At least so many processes'),
  max: key(int, 'At most so many processes'),
  autoscale: key(
    either(
      anyMap,
      converted(bool, () => undefined),
    ),
    'Scaling by load',
  ),
  keda: key(anyMap, 'Scaling by events'),
  vpa: key(anyMap, 'Vertical scaling'),
  cooldown: key(anything, 'Generation 2: seconds between two changes'),
};

/** `scale` as it is written. */
export interface WrittenScale {
  readonly count?: ScaleCount | undefined;
  readonly cpu?: number | undefined;
  readonly memory?: number | undefined;
  readonly gpu?: number | undefined;
  readonly limit?: { readonly cpu: number | undefined; readonly memory: number | undefined } | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** `scale`: a count, or a mapping. */
export const scale: Shape<WrittenScale> = either<WrittenScale>(
  converted({ ...count, accepts: ['int', 'string'] }, (processes, node, { report }) =>
    report.remember({ count: processes }, node),
  ),
  keys(SCALE_KEYS),
);
