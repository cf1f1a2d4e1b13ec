import { isBuildId } from '@convox-builds/domain';
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
  const { name } = await getApp(parts, ctx);
  const id = pathParameter(ctx, 'id');
  const build = isBuildId(id) ? await parts.store.builds.find(name, id) : undefined;
  if (build === undefined) throw notFound('build', id);
  return build;
}
