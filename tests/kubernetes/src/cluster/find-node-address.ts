import { kubectl } from './run.js';

/** The address of the one node. */
export const findNodeAddress = (): Promise<string> =>
  kubectl('get', 'nodes', '--output', 'jsonpath={.items[0].status.addresses[0].address}');
