import { createRegistrySchema } from '../requests/registries.js';
import type { Route, RouteMethod } from './route.js';

const proxied = (method: RouteMethod, summary: string): Route => ({
  method,
  path: '/v2/{path}',
  summary,
  description:
    'The protocol of the [OCI Distribution Specification](https://github.com/opencontainers/distribution-spec), with the name of an app as repository. Errors have the form of that protocol.',
  ...(method === 'GET' || method === 'HEAD' ? {} : { body: 'As the protocol says' }),
  answer: { kind: 'content', types: ['application/octet-stream'], description: 'What the registry answers' },
  errors: { 404: 'NAME_UNKNOWN', 403: 'DENIED' },
});

/** Registries that builds may read from, and the rack's own. */
export const registryRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/registries',
    summary: 'List the registries that builds may read from; passwords are not answered back',
    answer: { kind: 'list', of: 'Registry' },
  },
  {
    method: 'POST',
    path: '/registries',
    summary: 'Add a registry that builds may read from, or replace it',
    input: createRegistrySchema,
    example: { server: 'ghcr.io', username: 'someone', password: 'a token' },
    answer: { kind: 'object', of: 'Registry' },
  },
  {
    method: 'DELETE',
    path: '/registries/{server}',
    summary: 'Remove a registry',
    answer: { kind: 'ok' },
    errors: { 404: 'registry not found: ghcr.io' },
  },
  {
    method: 'GET',
    path: '/registry/token',
    summary: 'Get a token for the rack’s own registry, as its protocol has it',
    answer: { kind: 'json', description: 'A token and how long it is good for' },
  },
  {
    method: 'GET',
    path: '/v2',
    summary: 'Sign in at the rack’s registry',
    answer: { kind: 'json', description: 'An empty object', example: {} },
  },
  proxied('GET', 'Read from the rack’s registry'),
  proxied('HEAD', 'Look something up in the rack’s registry'),
  proxied('POST', 'Begin an upload to the rack’s registry'),
  proxied('PATCH', 'Go on with an upload to the rack’s registry'),
  proxied('PUT', 'End an upload to the rack’s registry, or store a manifest'),
  proxied('DELETE', 'Give up an upload to the rack’s registry'),
];
