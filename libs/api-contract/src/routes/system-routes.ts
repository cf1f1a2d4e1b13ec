import { createEventSchema } from '../requests/system.js';
import type { Route } from './route.js';

const none = (what: string): Route => ({
  method: 'GET',
  path: `/system/${what}`,
  summary: `List the ${what} of the rack: there are none`,
  answer: { kind: 'json', description: 'An empty list', example: [] },
});

const text = (description: string) => ({ kind: 'content', types: ['text/plain'], description }) as const;

/** The rack itself. */
export const systemRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/check',
    summary: 'Find out whether there is a rack',
    access: 'anybody',
    answer: { kind: 'ok' },
  },
  { method: 'GET', path: '/auth', summary: 'Find out whether the password is right', answer: { kind: 'ok' } },
  { method: 'GET', path: '/system', summary: 'Get the rack', answer: { kind: 'object', of: 'System' } },
  {
    method: 'PUT',
    path: '/system',
    summary: 'Change the rack: it is changed where it is installed',
    answer: { kind: 'never' },
    errors: { 501: 'the rack is changed where it is installed, not over its API' },
  },
  none('releases'),
  none('processes'),
  none('metrics'),
  {
    method: 'GET',
    path: '/system/capacity',
    summary: 'Get what the rack has for processes of apps: nothing',
    answer: { kind: 'object', of: 'Capacity' },
  },
  {
    method: 'GET',
    path: '/system/doctor',
    summary: 'Look at what the rack needs, and say what is wrong',
    description:
      'The api looks at the database, Redis, the clocks, the registry, the objects and the workers, which takes up to ten seconds; workers look at themselves every five minutes. What it writes to find out is gone afterwards.',
    answer: { kind: 'list', of: 'Finding' },
  },
  {
    method: 'POST',
    path: '/events',
    summary: 'Report an event; the records of builds already say what these say',
    input: createEventSchema,
    example: { action: 'build:create', status: 'success' },
    answer: { kind: 'ok' },
  },
  {
    method: 'GET',
    path: '/health/live',
    summary: 'Find out whether the process runs',
    access: 'anybody',
    answer: { kind: 'ok' },
  },
  {
    method: 'GET',
    path: '/health/ready',
    summary: 'Find out whether the api can work',
    access: 'anybody',
    answer: text('Each part and how it is'),
    errors: { 503: 'database: does not answer' },
  },
  {
    method: 'GET',
    path: '/metrics',
    summary: 'Read the metrics, with the token for metrics or as who may read',
    access: 'scraper',
    answer: text('Metrics in the format of Prometheus'),
  },
  {
    method: 'GET',
    path: '/openapi.json',
    summary: 'Get this description as OpenAPI 3.1',
    access: 'anybody',
    answer: { kind: 'json', description: 'An OpenAPI document' },
  },
  {
    method: 'GET',
    path: '/docs',
    summary: 'Read this description as a page',
    access: 'anybody',
    answer: { kind: 'content', types: ['text/html'], description: 'A page' },
  },
];
