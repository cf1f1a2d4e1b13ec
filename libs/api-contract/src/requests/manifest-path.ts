import { text } from './fields.js';

const isInsideSource = (path: string) =>
  !path.startsWith('/') && !path.split('/').some((part) => part === '..') && !path.includes('\\');

/** Where convox.yml is in a source. */
export const manifestPath = text(1000)
  .refine(isInsideSource, 'must be a path inside the source')
  .describe('Path of convox.yml in the source');
