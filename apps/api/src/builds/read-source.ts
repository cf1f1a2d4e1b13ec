import { formatGitUrl, isObjectUrl, parseGitUrl, parseObjectUrl } from '@convox-builds/domain';
import { buildLoginPlace, type NewBuild } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { HttpError, notFound } from '../http/http-error.js';

/** The source of a build, and how what is secret in its address is kept. */
export type BuildSource = Pick<NewBuild, 'source' | 'sealLogin'>;

const FULL_ID = /^(?:[0-9a-f]{40})?$/;

/** Takes the login out of the address of a git repository: it goes into a place of its own, sealed. */
function readGitSource({ settings }: Pick<ApiParts, 'settings'>, url: string, commit: string): BuildSource {
  const { source, login } = parseGitUrl(url);
  if (!FULL_ID.test(commit)) throw new HttpError(400, 'git-sha must be the full id of a commit, in lower case');
  if (login === undefined) return { source: formatGitUrl(source) };
  const sealLogin = (id: string) => settings.secretBox.seal(JSON.stringify(login), buildLoginPlace(id));
  return { source: formatGitUrl(source), sealLogin };
}

/** The object has to be one of this very app: one app's builds must not read another's. */
async function readObjectSource({ objects }: ApiParts, app: string, url: string): Promise<BuildSource> {
  const source = parseObjectUrl(url);
  if (source.app !== app) throw new HttpError(400, `url must be an object of app ${app}`);
  if ((await objects.find(`${app}/${source.key}`)) === undefined) throw notFound('object', source.key);
  return { source: url };
}

/**
 * Reads where the source of a build is: an object that was uploaded, or a git repository.
 *
 * @param commit the full id of a commit of the repository, or `''`: what is built then is what the address names
 * @throws {HttpError} 400, 404
 * @throws {SyntaxError} when the address is none
 */
export async function readSource(
  parts: ApiParts,
  app: string,
  { url, commit }: { url: string; commit: string },
): Promise<BuildSource> {
  if (url === '') {
    throw new HttpError(
      400,
      'url is required: upload the source and give its object:// address, or that of a git repository',
    );
  }
  return isObjectUrl(url) ? readObjectSource(parts, app, url) : readGitSource(parts, url, commit);
}
