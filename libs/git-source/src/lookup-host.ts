import { lookup } from 'node:dns/promises';

import type { Lookup } from '@convox-builds/domain';

/** Asks the system, which also knows `/etc/hosts`. */
export const lookupHost: Lookup = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);
