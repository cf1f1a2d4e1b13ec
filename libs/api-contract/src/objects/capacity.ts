import { z } from 'zod';

const none = z.number().int().nonnegative().describe('0: the rack runs no processes of apps');

/** What a rack has and uses, on the wire (Convox, `pkg/structs/capacity.go`). */
export const capacitySchema = z.object({
  'cluster-cpu': none,
  'cluster-gpu': none,
  'cluster-memory': none,
  'process-count': none,
  'process-cpu': none,
  'process-gpu': none,
  'process-memory': none,
});

/** What a rack has and uses, on the wire. */
export type WireCapacity = z.output<typeof capacitySchema>;
