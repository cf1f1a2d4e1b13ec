import test from 'ava';

import { answerObjects } from '../routes/answer-objects.js';
import { routes } from '../routes/routes.js';
import { createOpenApi } from './create-openapi.js';

const document = createOpenApi();
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));

/** Every value of a key, at any depth. */
function valuesOf(key: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [...(name === key ? [inner] : []), ...valuesOf(key, inner)]);
}

test('the description has every route once', (t) => {
  t.is(operations.length, routes.length);
  const ids = operations.map((operation) => 'operationId' in operation && operation.operationId);
  t.is(new Set(ids).size, ids.length);
});

test('every reference leads somewhere', (t) => {
  const references = new Set(valuesOf('$ref', document));
  t.true(references.size > 10);
  for (const reference of references) {
    const [, kind, name] = /^#\/components\/(schemas|responses)\/(\w+)$/.exec(String(reference)) ?? [];
    t.true(name !== undefined && name in document.components[kind as 'schemas' | 'responses'], String(reference));
  }
});

test('the example of every route is one that its schema takes', (t) => {
  for (const { input, example, path, method } of routes) {
    if (example === undefined) continue;
    const { error } = input?.safeParse(example) ?? {};
    t.is(error, undefined, `${method} ${path}`);
  }
});

test('every route that needs parameters has an example of them', (t) => {
  for (const { input, example, path, method } of routes) {
    const needsSome = input !== undefined && !input.safeParse({}).success;
    t.true(!needsSome || example !== undefined, `${method} ${path}`);
  }
});

test('every field of every object has a type', (t) => {
  for (const name of Object.keys(answerObjects)) {
    const { properties, additionalProperties } = document.components.schemas[name] as {
      properties: Record<string, Record<string, unknown>>;
      additionalProperties: unknown;
    };
    t.false(additionalProperties, name);
    for (const [field, schema] of Object.entries(properties)) t.truthy(schema.type ?? schema.enum, `${name}.${field}`);
  }
});
