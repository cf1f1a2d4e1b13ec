import test from 'ava';
import type { z } from 'zod';

import { createAppSchema, updateAppSchema } from './apps.js';
import { createBuildSchema, listBuildsSchema, updateBuildSchema } from './builds.js';

const refuses = (schema: z.ZodType, form: unknown) => !schema.safeParse(form).success;

test('createBuildSchema: an empty form is a build with every default', (t) => {
  t.like(createBuildSchema.parse({}), {
    url: '',
    buildArgs: {},
    description: '',
    development: false,
    external: false,
    manifest: '',
    'no-cache': false,
  });
});

test('createBuildSchema: refuses flags, paths and arguments that cannot be meant', (t) => {
  t.true(refuses(createBuildSchema, { external: 'yes' }));
  t.true(refuses(createBuildSchema, { manifest: '../convox.yml' }));
  t.true(refuses(createBuildSchema, { manifest: '/etc/passwd' }));
  t.true(refuses(createBuildSchema, { description: 'a\0b' }));
  t.true(refuses(createBuildSchema, { 'build-args-json': '{}' }));
});

test('listBuildsSchema: the limit is 10 by default and bounded', (t) => {
  t.deepEqual(listBuildsSchema.parse({}), { limit: 10 });
  t.deepEqual(listBuildsSchema.parse({ limit: '99999' }), { limit: 1000 });
  for (const limit of ['0', '-1', '1.5', 'all', '', '1e3']) t.true(refuses(listBuildsSchema, { limit }), limit);
});

test('updateBuildSchema: reads times as clients write them', (t) => {
  const { ended } = updateBuildSchema.parse({ ended: '20260704.101500.000000000' });
  t.deepEqual(ended, new Date('2026-07-04T10:15:00Z'));
  t.true(refuses(updateBuildSchema, { ended: 'now' }));
  t.true(refuses(updateBuildSchema, { status: 'cancelled' }));
});

test('createAppSchema: refuses what is no name', (t) => {
  t.deepEqual(createAppSchema.parse({ name: 'my-app' }), { name: 'my-app', generation: '2' });
  for (const name of [undefined, '', 'My', '-a', 'a--b', '..', 'a/b', 'a'.repeat(64)]) {
    t.true(refuses(createAppSchema, { name }), name);
  }
});

test('updateAppSchema: reads the form inside the form', (t) => {
  t.deepEqual(updateAppSchema.parse({ parameters: 'BuildCpu=500&BuildLabels=a%3Db' }), {
    parameters: { BuildCpu: '500', BuildLabels: 'a=b' },
  });
  t.true(refuses(updateAppSchema, { parameters: '__proto__=1' }));
});
