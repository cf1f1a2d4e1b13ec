import { parseTokenScope, type RegistryScope } from '@convox-builds/registry';

import type { ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerJson } from '../http/answer.js';
import type { Role } from '../http/role-token.js';

const TOKEN_TTL_SECONDS = 300;

const ALLOWED_ACTIONS: Readonly<Record<Role, readonly string[]>> = {
  r: ['pull'],
  rw: ['pull', 'push'],
  a: ['pull', 'push', 'delete'],
};

function grantedScopes(query: string, role: Role): RegistryScope[] {
  const wanted = new URLSearchParams(query).getAll('scope').flatMap((scopes) => scopes.split(' '));
  return wanted.flatMap((scope): RegistryScope[] => {
    const parsed = parseTokenScope(scope);
    if (parsed === undefined) return [];
    const actions = parsed.actions.filter((action) => ALLOWED_ACTIONS[role].includes(action));
    return actions.length === 0 ? [] : [{ repository: parsed.repository, actions }];
  });
}

/**
 * The rack's registry sends its users here for a token (distribution, "Token Authentication Specification"); they show
 * the rack's password.
 */
export function addRegistryRoutes(router: ApiRouter, { tokenIssuer }: ApiParts): void {
  if (tokenIssuer === undefined) return;

  router.get('/registry/token', (ctx) => {
    const { role, name } = ctx.state.caller;
    const access = grantedScopes(ctx.querystring, role);
    const { token, expiresInSeconds, issuedAt } = tokenIssuer.issue({
      subject: name,
      access,
      ttlSeconds: TOKEN_TTL_SECONDS,
    });
    ctx.set('Cache-Control', 'no-store');
    answerJson(ctx, { token, expires_in: expiresInSeconds, issued_at: issuedAt.toISOString() });
  });
}
