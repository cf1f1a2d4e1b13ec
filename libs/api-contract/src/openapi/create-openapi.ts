import { z } from 'zod';

import { RACK_VERSION } from '../objects/system.js';
import { answerObjects } from '../routes/answer-objects.js';
import { type RouteGroup, routeGroups } from '../routes/routes.js';
import { describeRoute, operationId } from './describe-route.js';
import type { JsonSchema, OpenApi } from './openapi.js';

const DESCRIPTION = `Builds sources to images and keeps releases of them. Parameters are sent as a urlencoded form or in the query, as
Convox clients do; answers are JSON.

**Password.** HTTP Basic: any user with the password of the rack, or the user \`jwt\` with a token of role \`r\`, \`rw\` or \`a\`.
\`GET\` and \`HEAD\` need the right to read, all other methods the right to write.

**Errors** are one line of text that says what is wrong, where, and what to do; with \`Accept: application/json\` an object
\`{"error": "…"}\`. A percent sign is doubled. What is not known as a route is 404 with an empty body.`;

const COMMON_ERRORS: Readonly<Record<string, string>> = {
  BadRequest: 'The request cannot be read: a parameter is missing or wrong',
  Unauthorized: '`invalid authentication`, or `you are unauthorized to access this` where the role is too small',
  Unavailable: 'The rack cannot reach its database now: try again in a moment',
};

/** Writes a schema of ours as JSON Schema (draft 2020-12, which OpenAPI 3.1 has). */
function answerSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
  return json;
}

function describeErrors(): Record<string, object> {
  const content = {
    'text/plain': { schema: { type: 'string' } },
    'application/json': { schema: { $ref: '#/components/schemas/Error' } },
  };
  return Object.fromEntries(
    Object.entries(COMMON_ERRORS).map(([name, description]) => [name, { description, content }]),
  );
}

function describePaths(groups: readonly RouteGroup[]): OpenApi['paths'] {
  const paths: Record<string, Record<string, object>> = {};
  for (const { name, routes } of groups) {
    for (const route of routes) {
      paths[route.path] = {
        ...paths[route.path],
        [route.method.toLowerCase()]: { tags: [name], operationId: operationId(route), ...describeRoute(route) },
      };
    }
  }
  return paths;
}

/** Makes the published description of the Rack API (OpenAPI 3.1.0) from the table of its routes. */
export function createOpenApi(): OpenApi {
  return {
    openapi: '3.1.0',
    info: { title: 'Rack API', version: RACK_VERSION, description: DESCRIPTION },
    servers: [{ url: '/' }],
    security: [{ password: [] }],
    tags: routeGroups.map(({ name, description }) => ({ name, description })),
    paths: describePaths(routeGroups),
    components: {
      securitySchemes: {
        password: { type: 'http', scheme: 'basic' },
        metricsToken: { type: 'http', scheme: 'bearer' },
      },
      responses: describeErrors(),
      schemas: Object.fromEntries(
        Object.entries(answerObjects).map(([name, schema]) => [name, answerSchema(schema)] as const),
      ),
    },
  };
}
