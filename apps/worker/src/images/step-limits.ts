import type { StepLimits } from '@convox-builds/buildkit-client';
import type { AppRecord } from '@convox-builds/store';

const MEBIBYTE = 1024 * 1024;

const positive = (text: string | undefined) => (Number(text) > 0 ? Number(text) : undefined);

/** What each RUN step of an app may take, by its parameters `BuildMem` and `BuildCpu`. */
export function stepLimitsOf({ parameters }: Pick<AppRecord, 'parameters'>): StepLimits {
  const mebibytes = positive(parameters['BuildMem']);
  const cpuMillis = positive(parameters['BuildCpu']);
  return {
    ...(mebibytes === undefined ? {} : { memoryBytes: mebibytes * MEBIBYTE }),
    ...(cpuMillis === undefined ? {} : { cpuMillis }),
  };
}

/** Says what each step may take; `undefined` when it may take what there is. */
export function describeStepLimits({ memoryBytes, cpuMillis }: StepLimits): string | undefined {
  const limits = [
    ...(memoryBytes === undefined ? [] : [`${memoryBytes / MEBIBYTE} MiB of memory (BuildMem)`]),
    ...(cpuMillis === undefined ? [] : [`${cpuMillis / 1000} CPUs (BuildCpu)`]),
  ];
  return limits.length === 0 ? undefined : `Each RUN step may take ${limits.join(' and ')}`;
}
