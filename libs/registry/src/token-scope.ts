import type { RegistryScope } from './registry-access.js';

const ACTIONS = ['pull', 'push', 'delete'] as const;

/**
 * Reads a scope that a registry asks for, e.g. `repository:myapp:pull,push` (distribution, "Token Scope
 * Documentation"). `undefined`: it is about something else, or asks for nothing that we know.
 */
export function parseTokenScope(scope: string): RegistryScope | undefined {
  const [, repository, wanted = ''] = /^repository(?:\([a-z]+\))?:(.+):([a-z,*]+)$/.exec(scope) ?? [];
  const asked = wanted.split(',');
  const actions = ACTIONS.filter((action) => asked.includes(action) || asked.includes('*'));
  return repository === undefined || actions.length === 0 ? undefined : { repository, actions };
}
