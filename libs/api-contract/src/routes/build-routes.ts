import {
  createBuildSchema,
  importImageSchema,
  listBuildsSchema,
  pruneBuildsSchema,
  updateBuildSchema,
} from '../requests/builds.js';
import type { Route } from './route.js';

const build404 = { 404: 'build not found: BABCDEFGHIJ' };

/** Builds and their logs. */
export const buildRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/apps/{app}/builds',
    summary: 'Build a source',
    description:
      'The answer comes when the build is recorded; it then waits for a worker. With `external` the rack builds nothing: the answer has a `repository` with credentials for this one build, and the client reports how it went.',
    input: createBuildSchema,
    headers: { 'Idempotency-Key': 'A request that is repeated with the same key answers the same build' },
    example: { url: 'object://myapp/tmp/source.tgz', description: 'try it' },
    answer: { kind: 'object', of: 'Build' },
    errors: {
      404: 'app not found: myapp, or object not found: tmp/source.tgz',
      422: 'Idempotency-Key was used for another request: use a new one',
    },
  },
  {
    method: 'GET',
    path: '/apps/{app}/builds',
    summary: 'List builds, the newest first',
    input: listBuildsSchema,
    example: { limit: '3', state: 'failed' },
    answer: { kind: 'list', of: 'Build' },
    errors: { 404: 'app not found: myapp' },
  },
  {
    method: 'GET',
    path: '/apps/{app}/builds/{id}.tgz',
    summary: 'Export a build with its images and its log',
    description:
      'All that can be missing is looked for before the first byte; what fails after that breaks the connection. The size is known and the bytes are the same each time: a download that broke off goes on with `Range: bytes=N-`.',
    headers: {
      Range: 'The first byte that is wanted, as `bytes=N-`',
      'If-Range': 'The `ETag` that the archive had before',
    },
    answer: { kind: 'content', types: ['application/gzip'], description: 'The archive' },
    errors: { ...build404, 400: 'no services found to export', 416: 'the archive has only 1024 bytes' },
  },
  {
    method: 'POST',
    path: '/apps/{app}/builds/import',
    summary: 'Import a build that was exported',
    description: 'The answer comes when its images are in the registry and its release is made; that is not promoted.',
    body: 'An archive of any length, of this rack, of Convox 3 or of Convox 2',
    answer: { kind: 'object', of: 'ImportedBuild' },
    errors: {
      400: 'cannot read archive: it is not gzip, damaged, or cut off',
      404: 'app not found: myapp',
      422: 'archive has no image for service: web',
    },
  },
  {
    method: 'POST',
    path: '/apps/{app}/builds/prune',
    summary: 'Delete old builds, with their releases, logs, sources and images',
    description:
      'A build goes when it is neither among the newest nor young enough. Those stay that have not ended, and those of active, recent and just promoted releases. The answer lists what was deleted, the oldest first, at most 1000; the images go a little later.',
    input: pruneBuildsSchema,
    example: { keep: '50', 'dry-run': 'true' },
    answer: { kind: 'list', of: 'Build' },
    errors: { 400: 'keep or days is required', 404: 'app not found: myapp' },
  },
  {
    method: 'GET',
    path: '/apps/{app}/builds/{id}',
    summary: 'Get a build with its attempts, and its place in the queue',
    answer: { kind: 'object', of: 'BuildDetails' },
    errors: build404,
  },
  {
    method: 'PUT',
    path: '/apps/{app}/builds/{id}',
    summary: 'Report how an external build goes',
    input: updateBuildSchema,
    example: { status: 'failed' },
    answer: { kind: 'object', of: 'Build' },
    errors: {
      ...build404,
      409: 'build BABCDEFGHIJ is run by the rack and cannot be changed',
      422: 'release is required to complete a build',
    },
  },
  {
    method: 'POST',
    path: '/apps/{app}/builds/{id}/image',
    summary: 'Make a build of an image of another registry',
    description:
      'The build was created with `external` and has its manifest. From now on the rack makes it: a worker copies the image, with its digest and all its platforms, for every service of the manifest. Poll the build. It is complete with its release; a request for a release of it gets that one.',
    input: importImageSchema,
    example: { image: 'registry.example.org/team/app:v1' },
    answer: { kind: 'accepted' },
    errors: {
      ...build404,
      409: 'build BABCDEFGHIJ is already importing: wait for its end',
      422: 'image ref required',
    },
  },
  {
    method: 'POST',
    path: '/apps/{app}/builds/{id}/cancel',
    summary: 'Cancel a build that has not ended',
    answer: { kind: 'ok' },
    errors: { ...build404, 409: 'build BABCDEFGHIJ is not running' },
  },
  {
    method: 'GET',
    path: '/apps/{app}/builds/{id}/logs',
    summary: 'Read the log of a build',
    description:
      'A WebSocket upgrade gets text frames and an empty binary frame at the end. `Accept: text/event-stream` gets server-sent events. Everybody else gets the text. The query parameters are `offset` (the first byte) and `follow` (`true` or `false`: whether to stay until the build has ended).',
    headers: { 'Last-Event-ID': 'Where a stream of events was broken off' },
    answer: { kind: 'content', types: ['text/plain', 'text/event-stream'], description: 'The log' },
    errors: build404,
  },
];
