import type { BuildRecord } from '@convox-builds/store';

import type { ApiContext } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { issuePushPassword, PUSH_USER } from '../registry-proxy/push-credentials.js';

/**
 * Where the client of an external build pushes to: the rack's registry at the address that the client knows the rack by,
 * with a password for this one build. `''`: the rack builds it itself, or does not serve its registry.
 */
export function repositoryFor(ctx: ApiContext, { id, app, options }: BuildRecord, { settings }: ApiParts): string {
  if (!options.external || settings.registry.host === '') return '';
  const scheme = ctx.get('X-Forwarded-Proto') === 'https' ? 'https' : ctx.protocol;
  const password = issuePushPassword({ app, buildId: id }, settings.secretBox);
  return `${scheme}://${PUSH_USER}:${password}@${ctx.host}/${app}`;
}
