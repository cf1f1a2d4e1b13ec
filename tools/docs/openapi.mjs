import { createOpenApi } from '../../libs/api-contract/dist/index.js';

/** The published description of the api, from its table of routes. */
export function makeOpenApi() {
  return [{ path: 'docs/openapi.json', text: `${JSON.stringify(createOpenApi(), undefined, 2)}\n` }];
}
