import type { ApiContext } from '../api-context.js';

/** The pattern of the route that answered a request, and never its path, which has names in it; `unknown` without one. */
export function matchedRoute(ctx: ApiContext): string {
  // Left there by the router; only paths are given to it.
  const pattern: unknown = ctx['_matchedRoute'];
  return typeof pattern === 'string' ? pattern : 'unknown';
}
