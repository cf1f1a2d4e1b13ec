// Where things are in the cluster of the tests. The node has a network of its own, a wire away from the machine's.

/** The two ends of the wire. */
export const MACHINE_ADDRESS = '10.245.0.1';
export const NODE_ADDRESS = '10.245.0.2';
export const WIRE_NETWORK = '10.245.0.0/30';

export const PODS = '10.244.0.0/24';
export const SERVICES = '10.96.0.0/16';
/** The first Service is the cluster's api. */
export const API_SERVICE = '10.96.0.1';
export const DNS_SERVICE = '10.96.0.10';
