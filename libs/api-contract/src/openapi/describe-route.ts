import { z } from 'zod';

import { accessOf, type Route, type RouteAnswer } from '../routes/route.js';
import type { JsonSchema, OpenApiContent, OpenApiOperation, OpenApiParameter } from './openapi.js';

const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  app: 'Name of the app',
  delivery: 'Id of the delivery',
  host: 'Host of the server, with its port unless that is the usual one',
  id: 'Id of the build, release or webhook',
  key: 'Key of the object; it may have slashes',
  name: 'Name of the value',
  path: 'Path of the protocol, from the name of an app on',
  server: 'Name of the registry; it may have slashes',
};

interface InputSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
}

/** Names a route by its method and path: `get-apps-app-builds`. */
export function operationId({ method, path }: Route): string {
  return [method.toLowerCase(), ...(path.match(/[a-z0-9]+/gi) ?? [])].join('-');
}

function readInputSchema(input: z.ZodType): InputSchema {
  const json = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
  return { properties: (json.properties ?? {}) as InputSchema['properties'], required: json.required ?? [] };
}

function queryParameters({ input, example }: Route): OpenApiParameter[] {
  if (input === undefined) return [];
  const { properties, required } = readInputSchema(input);
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(typeof description === 'string' ? { description } : {}),
    schema,
    ...(example?.[name] === undefined ? {} : { example: example[name] }),
  }));
}

function parametersOf(route: Route): OpenApiParameter[] {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(
    ([, name = '']): OpenApiParameter => ({
      name,
      in: 'path',
      required: true,
      description: PATH_PARAMETERS[name] ?? name,
      schema: { type: 'string' },
    }),
  );
  const inHeaders = Object.entries(route.headers ?? {}).map(
    ([name, description]): OpenApiParameter => ({
      name,
      in: 'header',
      required: false,
      description,
      schema: { type: 'string' },
    }),
  );
  return [...inPath, ...(route.method === 'GET' ? queryParameters(route) : []), ...inHeaders];
}

function bodyOf({ method, input, body, example }: Route): OpenApiOperation['requestBody'] {
  if (body !== undefined) {
    return { description: body, content: { 'application/octet-stream': { schema: {} } } };
  }
  if (input === undefined || method === 'GET') return undefined;
  const { properties, required } = readInputSchema(input);
  const schema = { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
  const form = { schema, ...(example === undefined ? {} : { example }) };
  return { content: { 'application/x-www-form-urlencoded': form } };
}

function contentOf(answer: RouteAnswer): { description: string; content?: OpenApiContent } | undefined {
  switch (answer.kind) {
    case 'never':
      return undefined;
    case 'ok':
      return { description: 'Done', content: { 'text/plain': { schema: { const: 'ok\n' } } } };
    case 'accepted':
      return { description: 'Accepted' };
    case 'json': {
      const example = answer.example === undefined ? {} : { example: answer.example };
      return { description: answer.description, content: { 'application/json': { schema: {}, ...example } } };
    }
    case 'content': {
      const content = Object.fromEntries(answer.types.map((type) => [type, { schema: {} }]));
      return { description: answer.description, content };
    }
    case 'object':
    case 'list': {
      const item = { $ref: `#/components/schemas/${answer.of}` };
      const schema = answer.kind === 'list' ? { type: 'array', items: item } : item;
      return {
        description: answer.kind === 'list' ? `A list of ${answer.of}` : answer.of,
        content: { 'application/json': { schema } },
      };
    }
  }
}

function responsesOf(route: Route): OpenApiOperation['responses'] {
  const access = accessOf(route);
  const success = contentOf(route.answer);
  const errors: OpenApiOperation['responses'] = Object.fromEntries(
    Object.entries(route.errors ?? {}).map(([status, text]) => [
      status,
      { description: text, content: { 'text/plain': { schema: { type: 'string' }, example: `${text}\n` } } },
    ]),
  );
  return {
    ...(success === undefined ? {} : { [route.answer.kind === 'accepted' ? 202 : 200]: success }),
    ...(route.input === undefined ? {} : { 400: { $ref: '#/components/responses/BadRequest' } }),
    ...(access === 'anybody' ? {} : { 401: { $ref: '#/components/responses/Unauthorized' } }),
    ...errors,
    ...(access === 'anybody' ? {} : { 503: { $ref: '#/components/responses/Unavailable' } }),
  };
}

/** Describes a route as an operation of OpenAPI. */
export function describeRoute(route: Route): OpenApiOperation {
  const access = accessOf(route);
  const requestBody = bodyOf(route);
  return {
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    ...(access === 'anybody' ? { security: [] } : {}),
    ...(access === 'scraper' ? { security: [{ metricsToken: [] }, { password: [] }] } : {}),
    parameters: parametersOf(route),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: responsesOf(route),
  };
}
