import { createForgeSchema } from '../requests/forges.js';
import type { Route } from './route.js';

/** Forges that are told of the builds of their repositories. */
export const forgeRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/forges',
    summary: 'List the forges that are told of builds; tokens are not answered back',
    answer: { kind: 'list', of: 'Forge' },
  },
  {
    method: 'POST',
    path: '/forges',
    summary: 'Have a forge told of the builds of its repositories, or replace its token',
    input: createForgeSchema,
    example: { kind: 'github', host: 'github.com', token: 'a-token' },
    answer: { kind: 'object', of: 'Forge' },
  },
  {
    method: 'DELETE',
    path: '/forges/{host}',
    summary: 'Tell a forge nothing any more',
    answer: { kind: 'ok' },
    errors: { 404: 'forge not found: github.com' },
  },
];
