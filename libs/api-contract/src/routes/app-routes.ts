import { createAppSchema, updateAppSchema } from '../requests/apps.js';
import { updateConfigSchema } from '../requests/configs.js';
import type { Route } from './route.js';

const app404 = { 404: 'app not found: myapp' };

/** Apps, and the values that clients keep with them. */
export const appRoutes: readonly Route[] = [
  { method: 'GET', path: '/apps', summary: 'List the apps by name', answer: { kind: 'list', of: 'App' } },
  {
    method: 'POST',
    path: '/apps',
    summary: 'Create an app',
    input: createAppSchema,
    example: { name: 'myapp' },
    answer: { kind: 'object', of: 'App' },
    errors: { 409: 'app already exists: myapp' },
  },
  {
    method: 'GET',
    path: '/apps/{app}',
    summary: 'Get an app',
    answer: { kind: 'object', of: 'App' },
    errors: app404,
  },
  {
    method: 'PUT',
    path: '/apps/{app}',
    summary: 'Lock an app, or change its parameters',
    description:
      'Parameters that builds honour: `BuildArch` (`arm64`, or `amd64,arm64`: the platforms of services that name none), `BuildLabels` (`team=web,tier=1`: labels of images), `BuildConcurrency` (how many builds run at once) `BuildWeight` (its share of the workers), `RetentionBuilds` and `RetentionDays` (what is kept of old builds), `Cache` (`auto`, `always` or `off`: whether layers go to the registry, for other workers), `Provenance` (`off`, `min` or `max`) and `Sbom` (`true`: what is attached to images, which become indexes by it), `Reproducible` (`true`: equal sources make equal images). `BuildMem` (MiB) and `BuildCpu` (thousandths of a CPU) limit each RUN step: one that takes more memory is killed, and the build fails with `limits`.',
    input: updateAppSchema,
    example: { parameters: 'BuildLabels=team%3Dweb&BuildConcurrency=2' },
    answer: { kind: 'ok' },
    errors: app404,
  },
  {
    method: 'DELETE',
    path: '/apps/{app}',
    summary: 'Delete an app with its builds, releases, logs and objects',
    answer: { kind: 'ok' },
    errors: { ...app404, 409: 'app is locked: myapp' },
  },
  {
    method: 'DELETE',
    path: '/apps/{app}/cache',
    summary: 'Reset the cache of an app',
    description:
      'Builds that are taken up from now on use neither layers nor cache mounts nor the git repository that workers kept for the app, on any worker, nor its layer caches in the registry, which are removed. They fill the cache anew.',
    answer: { kind: 'ok' },
    errors: app404,
  },
  {
    method: 'POST',
    path: '/apps/{app}/cancel',
    summary: 'Cancel a deployment: a rack that only builds never has one',
    answer: { kind: 'never' },
    errors: { ...app404, 403: 'app is not updating' },
  },
  {
    method: 'GET',
    path: '/apps/{app}/usage',
    summary: 'Tell what the builds of an app take',
    answer: { kind: 'object', of: 'Usage' },
    errors: { ...app404, 501: 'the api of this rack has no access to its registry' },
  },
  {
    method: 'GET',
    path: '/apps/{app}/processes',
    summary: 'List the processes of an app: there are none',
    answer: { kind: 'list', of: 'Process' },
    errors: app404,
  },
  {
    method: 'GET',
    path: '/apps/{app}/configs',
    summary: 'List the values that clients keep with an app',
    answer: { kind: 'list', of: 'Config' },
    errors: app404,
  },
  {
    method: 'GET',
    path: '/apps/{app}/configs/{name}',
    summary: 'Get a value that clients keep with an app',
    answer: { kind: 'object', of: 'Config' },
    errors: { 404: 'config not found: cli-env-mask' },
  },
  {
    method: 'PUT',
    path: '/apps/{app}/configs/{name}',
    summary: 'Keep a value with an app',
    input: updateConfigSchema,
    example: { value: 'SECRET_KEY' },
    answer: { kind: 'object', of: 'Config' },
    errors: app404,
  },
];
