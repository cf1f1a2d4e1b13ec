import type { ListedWorker } from '@convox-builds/store';

/** A worker tells every two seconds that it lives; the dispatcher gives it nothing after so long. */
const SILENT_AFTER_MS = 10_000;

/** Whether a worker is on the list and was not heard of: it is gone, or cut off. */
export const isSilent = ({ silentMs }: ListedWorker): boolean => silentMs > SILENT_AFTER_MS;
