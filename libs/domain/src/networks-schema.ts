import { z } from 'zod';

import { isNetwork } from './address-policy.js';

/** Reads an environment variable with networks in CIDR notation, separated by commas; without it none. */
export const networksSchema = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((network) => network.trim()))
  .transform((all) => all.filter((network) => network !== ''))
  .refine((all) => all.every(isNetwork), 'has to be networks such as 10.1.0.0/16, separated by commas');
