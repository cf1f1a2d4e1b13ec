import { noOpSolve } from './no-op-solve.mjs';

/** Everything that is measured, in the order of the table. */
export const BENCHMARKS = [noOpSolve];
