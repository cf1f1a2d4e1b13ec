import { listObjectsSchema } from '../requests/objects.js';
import { completeUploadSchema, signPartSchema } from '../requests/uploads.js';
import type { Route } from './route.js';

const object404 = { 404: 'object not found: tmp/source.tgz' };
const stored = {
  body: 'The content, of any length. A multipart form with one file is taken, too',
  answer: { kind: 'object', of: 'StoredObject' },
  errors: { 404: 'app not found: myapp', 413: 'object is larger than 500000000 bytes' },
} as const;

/** What builds have left, and what one is made of that has not ended. */
const inUse409 = { 409: 'object tmp/source.tgz is what a build is made of that has not ended' };

const upload404 = { 404: 'upload not found: 0f6e' };
const SHA256 = '0'.repeat(64);

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
  {
    method: 'POST',
    path: '/apps/{app}/objects/{key}',
    summary: 'Store an object',
    description:
      'Under `build/` clients store one thing: the log of an external build that has not ended, as `build/{id}/logs`.',
    ...stored,
    errors: { ...stored.errors, ...inUse409 },
  },
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
    errors: { ...object404, ...inUse409 },
  },
  {
    method: 'POST',
    path: '/apps/{app}/uploads',
    summary: 'Begin an upload that does not pass through the rack',
    description:
      'The content is sent in parts, straight to where the rack keeps objects, and is followed by a trailer: a line feed, `cvx-sha256`, a line feed, and the SHA-256 of the content as 32 bytes. There is no object before the upload is complete. An upload that is left alone is removed after a day.',
    answer: { kind: 'object', of: 'Upload' },
    errors: { 404: 'app not found: myapp', 501: 'the rack itself takes sources: POST /apps/myapp/objects' },
  },
  {
    method: 'POST',
    path: '/apps/{app}/uploads/{upload}/parts',
    summary: 'Get the address for a part',
    description:
      'It takes this part only: another size, or another content, is refused. After 15 minutes it takes none.',
    input: signPartSchema,
    example: { part: '1', bytes: '8388608', sha256: SHA256 },
    answer: { kind: 'object', of: 'UploadPart' },
    errors: upload404,
  },
  {
    method: 'POST',
    path: '/apps/{app}/uploads/{upload}/complete',
    summary: 'Make an object of the parts',
    description: 'To ask again answers the same.',
    input: completeUploadSchema,
    example: { bytes: '10000000', sha256: SHA256 },
    answer: { kind: 'object', of: 'StoredObject' },
    errors: { ...upload404, 409: '10 bytes have arrived, 10000000 were announced' },
  },
  {
    method: 'DELETE',
    path: '/apps/{app}/uploads/{upload}',
    summary: 'Give an upload up',
    answer: { kind: 'ok' },
    errors: upload404,
  },
];
