import { isAppName, isBuildId } from '@convox-builds/domain';
import type { BuildRecord } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { notFound } from '../http/http-error.js';
import { pathParameter } from '../http/path-parameter.js';
import { getApp } from './get-app.js';

/** Gets the build that a path names, or answers 404. */
export async function getBuild(
  parts: Pick<ApiParts, 'store'>,
  ctx: { readonly params: Readonly<Record<string, string>> },
): Promise<BuildRecord> {
  const app = pathParameter(ctx, 'app');
  const id = pathParameter(ctx, 'id');
  const build = isAppName(app) && isBuildId(id) ? await parts.store.builds.find(app, id) : undefined;
  if (build !== undefined) return build;
  // It may be the app that is missing.
  await getApp(parts, ctx);
  throw notFound('build', id);
}
