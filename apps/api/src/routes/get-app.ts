import { isAppName } from '@convox-builds/domain';
import type { AppRecord } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { notFound } from '../http/http-error.js';
import { pathParameter } from '../http/path-parameter.js';

/** Gets the app that a path names, or answers 404. What cannot be a name is not asked for. */
export async function getApp(
  { store }: Pick<ApiParts, 'store'>,
  ctx: { readonly params: Readonly<Record<string, string>> },
): Promise<AppRecord> {
  const name = pathParameter(ctx, 'app');
  const app = isAppName(name) ? await store.apps.find(name) : undefined;
  if (app === undefined) throw notFound('app', name);
  return app;
}
