import test from 'ava';

import { dockerfileAttrs } from './dockerfile-attrs.js';

test('dockerfileAttrs() limits steps in the words of the frontend, and no CPU to less than the kernel knows', (t) => {
  const { memory, cpuquota, cpuperiod } = dockerfileAttrs({ stepLimits: { memoryBytes: 1024, cpuMillis: 1500 } });
  t.deepEqual([memory, cpuquota, cpuperiod], ['1024', '150000', '100000']);
  t.is(dockerfileAttrs({ stepLimits: { cpuMillis: 1 } })['cpuquota'], '1000');
  t.deepEqual(dockerfileAttrs({ stepLimits: {} }), dockerfileAttrs({}));
});

test('dockerfileAttrs() refuses build arguments that steer the frontend', (t) => {
  t.throws(() => dockerfileAttrs({ buildArgs: { BUILDKIT_SYNTAX: 'x' } }), { instanceOf: TypeError });
});
