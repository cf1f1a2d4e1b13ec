import { networkInterfaces } from 'node:os';

/** The machine's end of its wire to the node. */
const WIRE = 'kube-tests';

/** Where the cluster finds the machine. */
export function machineAddress(): string {
  const address = networkInterfaces()[WIRE]?.find(({ family }) => family === 'IPv4')?.address;
  if (address === undefined) throw new Error('Cannot find the cluster: run these tests with npm run test:kubernetes');
  return address;
}
