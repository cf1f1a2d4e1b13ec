import { appRoutes } from './app-routes.js';
import { buildRoutes } from './build-routes.js';
import { forgeRoutes } from './forge-routes.js';
import { gitRoutes } from './git-routes.js';
import { objectRoutes } from './object-routes.js';
import { registryRoutes } from './registry-routes.js';
import { releaseRoutes } from './release-routes.js';
import type { Route } from './route.js';
import { systemRoutes } from './system-routes.js';
import { webhookRoutes } from './webhook-routes.js';
import { workflowRoutes } from './workflow-routes.js';

/** A part of the Rack API, as its description is divided. */
export interface RouteGroup {
  readonly name: string;
  readonly description: string;
  readonly routes: readonly Route[];
}

/** The whole Rack API: the api answers these routes and no others, and the published description is made from them. */
export const routeGroups: readonly RouteGroup[] = [
  { name: 'Builds', description: 'A build turns a source into images and a release.', routes: buildRoutes },
  {
    name: 'Releases',
    description: 'A release is a build and an environment, and never changes.',
    routes: releaseRoutes,
  },
  { name: 'Apps', description: 'An app is what people build and release.', routes: appRoutes },
  {
    name: 'Objects',
    description: 'Sources and other files, by app and key. A key may have slashes.',
    routes: objectRoutes,
  },
  { name: 'Registries', description: 'Where images come from and go to.', routes: registryRoutes },
  { name: 'Git', description: 'How private git repositories are reached.', routes: gitRoutes },
  { name: 'Forges', description: 'Where commits and pull requests are told of their builds.', routes: forgeRoutes },
  { name: 'Workflows', description: 'What is built and promoted when a repository changes.', routes: workflowRoutes },
  { name: 'Webhooks', description: 'Who is told of builds and promotions.', routes: webhookRoutes },
  { name: 'Rack', description: 'The rack itself.', routes: systemRoutes },
];

/** All routes. */
export const routes: readonly Route[] = routeGroups.flatMap((group) => group.routes);
