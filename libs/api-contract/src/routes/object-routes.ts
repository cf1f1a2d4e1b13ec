import { listObjectsSchema } from '../requests/objects.js';
import type { Route } from './route.js';

const object404 = { 404: 'object not found: tmp/source.tgz' };
const stored = {
  body: 'The content, of any length. A multipart form with one file is taken, too',
  answer: { kind: 'object', of: 'StoredObject' },
  errors: { 404: 'app not found: myapp', 413: 'object is larger than 500000000 bytes' },
} as const;

/** Files that clients leave with an app. */
export const objectRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/apps/{app}/objects',
    summary: 'List the keys of objects',
    input: listObjectsSchema,
    example: { prefix: 'tmp/' },
    answer: { kind: 'json', description: 'Keys, in order', example: ['tmp/source.tgz'] },
    errors: { 404: 'app not found: myapp' },
  },
  { method: 'POST', path: '/apps/{app}/objects', summary: 'Store an object under a key of its own', ...stored },
  { method: 'POST', path: '/apps/{app}/objects/{key}', summary: 'Store an object', ...stored },
  {
    method: 'HEAD',
    path: '/apps/{app}/objects/{key}',
    summary: 'Find out whether an object is there, and its size',
    answer: { kind: 'content', types: ['application/octet-stream'], description: 'Nothing; its size is a header' },
    errors: object404,
  },
  {
    method: 'GET',
    path: '/apps/{app}/objects/{key}',
    summary: 'Get an object',
    answer: { kind: 'content', types: ['application/octet-stream'], description: 'The content' },
    errors: object404,
  },
  {
    method: 'DELETE',
    path: '/apps/{app}/objects/{key}',
    summary: 'Delete an object',
    answer: { kind: 'ok' },
    errors: object404,
  },
];
