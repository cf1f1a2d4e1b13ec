import type { AppRecord } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { notFound } from '../http/http-error.js';

/** Gets an app by name, or answers 404. */
export async function getApp({ store }: Pick<ApiParts, 'store'>, name: string): Promise<AppRecord> {
  const app = await store.apps.find(name);
  if (app === undefined) throw notFound('app', name);
  return app;
}
