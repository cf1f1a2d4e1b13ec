import {
  createReleaseSchema,
  listPromotionsSchema,
  listReleasesSchema,
  promoteReleaseSchema,
} from '../requests/releases.js';
import type { Route } from './route.js';

const release404 = { 404: 'release not found: RABCDEFGHIJ' };

/** Releases. */
export const releaseRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/apps/{app}/releases',
    summary: 'Make a release from the one before it, with another build or environment',
    input: createReleaseSchema,
    example: { env: 'LOG_LEVEL=debug\nPORT=3000' },
    answer: { kind: 'object', of: 'Release' },
    errors: { 404: 'build not found: BABCDEFGHIJ, or release not found: RABCDEFGHIJ' },
  },
  {
    method: 'GET',
    path: '/apps/{app}/releases',
    summary: 'List releases, the newest first; values of the environment are hidden',
    input: listReleasesSchema,
    answer: { kind: 'list', of: 'Release' },
    errors: { 404: 'app not found: myapp' },
  },
  {
    method: 'GET',
    path: '/apps/{app}/releases/{id}',
    summary: 'Get a release; who may only read gets no values of its environment',
    answer: { kind: 'object', of: 'Release' },
    errors: release404,
  },
  {
    method: 'POST',
    path: '/apps/{app}/releases/{id}/promote',
    summary: 'Make a release the active one',
    input: promoteReleaseSchema,
    answer: { kind: 'ok' },
    errors: {
      ...release404,
      400: 'can not promote an older release, try rollback',
      403: 'app is currently updating',
    },
  },
  {
    method: 'GET',
    path: '/apps/{app}/promotions',
    summary: 'List promotions and how they went, the newest first',
    input: listPromotionsSchema,
    answer: { kind: 'list', of: 'Promotion' },
    errors: { 404: 'app not found: myapp' },
  },
];
