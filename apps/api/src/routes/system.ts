import { parseTokenScope } from '@convox-builds/registry';
import type Router from '@koa/router';

import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';
import { HttpError } from '../http/http-error.js';

/** Clients compare it as text with a date: what sorts below `20180708231844` is taken for an ancient rack. */
const VERSION = '3.24.0';
const TOKEN_TTL_SECONDS = 300;

/** The rack itself. */
export function addSystemRoutes(router: Router, { settings, tokenIssuer }: ApiParts): void {
  router.get('/auth', (ctx) => answerOk(ctx));

  router.get('/system', (ctx) =>
    answerJson(ctx, {
      count: 1,
      domain: '',
      name: settings.rackName,
      provider: 'builds',
      'rack-domain': '',
      region: '',
      status: 'running',
      type: '',
      version: VERSION,
    }),
  );

  // A person's pull: the registry sends them here for a token, with the rack's password.
  router.get('/registry/token', (ctx) => {
    if (tokenIssuer === undefined) throw new HttpError(404, 'this rack gives out no registry tokens');
    const scopes = new URLSearchParams(ctx.querystring).getAll('scope').flatMap((scope) => scope.split(' '));
    const access = scopes.flatMap((scope) => parseTokenScope(scope) ?? []);
    const readable =
      ctx.state.role === 'r' ? access.map((scope) => ({ ...scope, actions: ['pull' as const] })) : access;
    const { token, issuedAt } = tokenIssuer.issue({
      subject: 'person',
      access: readable,
      ttlSeconds: TOKEN_TTL_SECONDS,
    });
    answerJson(ctx, { token, expires_in: TOKEN_TTL_SECONDS, issued_at: issuedAt.toISOString() });
  });
}
