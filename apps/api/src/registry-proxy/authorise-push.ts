import { isFinalState } from '@convox-builds/domain';
import type { BuildRecord } from '@convox-builds/store';

import type { ApiContext } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { authenticate, readBasic } from '../http/authenticate.js';
import { HttpError } from '../http/http-error.js';
import type { RegistryTarget } from './parse-registry-path.js';
import { PUSH_USER, readPushPassword } from './push-credentials.js';

const BUILD_TAG = /^(.+)\.(B[A-Z]{10})$/;

/** The service of an external build whose image is written. */
export interface WrittenImage {
  readonly build: BuildRecord;
  readonly service: string;
}

async function findOpenBuild({ store }: ApiParts, app: string, id: string): Promise<BuildRecord | undefined> {
  const build = await store.builds.find(app, id);
  return build?.options.external === true && !isFinalState(build.state) ? build : undefined;
}

/** The app that the caller is limited to; `undefined`: none. */
interface RegistryCaller {
  readonly onlyBuild: BuildRecord | undefined;
}

/**
 * Lets somebody use the registry: with the password of the rack, or with that of an external build that has not ended.
 *
 * @throws {HttpError} 401
 */
export async function authenticateAtRegistry(ctx: ApiContext, parts: ApiParts): Promise<RegistryCaller> {
  const { user, password } = readBasic(ctx.get('Authorization')) ?? { user: '', password: '' };
  const grant = user === PUSH_USER ? readPushPassword(password, parts.settings.secretBox) : undefined;
  if (grant === undefined) {
    ctx.state.caller = authenticate(ctx, parts.settings);
    return { onlyBuild: undefined };
  }
  const onlyBuild = await findOpenBuild(parts, grant.app, grant.buildId);
  if (onlyBuild === undefined) throw new HttpError(401, `build ${grant.buildId} has ended, and with it its password`);
  ctx.state.caller = { role: 'rw', name: `build ${onlyBuild.id}` };
  return { onlyBuild };
}

/**
 * Decides whether a caller may do what was asked. Tags of builds are written by whoever makes the build, while it is made;
 * nobody moves them later.
 *
 * @returns the image that is written, when it is one of an external build
 * @throws {HttpError} 403, 404
 */
export async function authoriseTarget(
  { repository, action, writtenTag }: RegistryTarget,
  { onlyBuild }: RegistryCaller,
  parts: ApiParts,
): Promise<WrittenImage | undefined> {
  if (onlyBuild !== undefined && onlyBuild.app !== repository) {
    throw new HttpError(403, `build ${onlyBuild.id} may use the repository ${onlyBuild.app} only`);
  }
  if ((await parts.store.apps.find(repository)) === undefined) throw new HttpError(404, `app not found: ${repository}`);
  if (action === 'pull' || writtenTag === undefined) return undefined;
  const [, service = '', buildId] = BUILD_TAG.exec(writtenTag) ?? [];
  if (onlyBuild !== undefined && onlyBuild.id !== buildId) {
    throw new HttpError(403, `build ${onlyBuild.id} may write tags that end with .${onlyBuild.id} only`);
  }
  if (buildId === undefined) return undefined;
  const build = await findOpenBuild(parts, repository, buildId);
  if (build === undefined) throw new HttpError(403, `tag ${writtenTag} is that of a build and cannot be moved`);
  return { build, service };
}
