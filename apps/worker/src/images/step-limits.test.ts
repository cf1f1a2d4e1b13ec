import test from 'ava';

import { describeStepLimits, stepLimitsOf } from './step-limits.js';

const limitsOf = (parameters: Readonly<Record<string, string>>) => stepLimitsOf({ parameters });

test('stepLimitsOf() reads mebibytes and thousandths of a CPU; what is not set is no limit', (t) => {
  t.deepEqual(limitsOf({ BuildMem: '512', BuildCpu: '1500' }), { memoryBytes: 536_870_912, cpuMillis: 1500 });
  t.deepEqual(limitsOf({ BuildMem: '', BuildArch: 'arm64' }), {});
});

test('describeStepLimits() names the limits and their parameters', (t) => {
  t.is(describeStepLimits({}), undefined);
  t.is(
    describeStepLimits(limitsOf({ BuildMem: '64', BuildCpu: '500' })),
    'Each RUN step may take 64 MiB of memory (BuildMem) and 0.5 CPUs (BuildCpu)',
  );
});
