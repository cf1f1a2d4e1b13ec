import { buildLoginPlace, type Store } from '@convox-builds/store';

import type { Settings } from './settings.js';

/** A user and a password that came with one build. */
export interface BuildLogin {
  readonly username: string;
  readonly password: string;
}

/** The login that came with a build: of its source's git server, or of the registry whose image it imports. */
export async function findBuildLogin(
  buildId: string,
  { store, settings }: { store: Store; settings: Settings },
): Promise<BuildLogin | undefined> {
  const sealed = await store.builds.findLogin(buildId);
  if (sealed === undefined) return undefined;
  return JSON.parse(settings.secretBox.open(sealed, buildLoginPlace(buildId))) as BuildLogin;
}
