import { isAppName } from '@convox-builds/domain';

/** What a request of the registry's protocol is about. */
export interface RegistryTarget {
  /** Name of an app: each has one repository. */
  readonly repository: string;
  readonly action: 'pull' | 'push';
  /** The manifest that is written, by its tag; `undefined`: something else is meant, or it is named by its digest. */
  readonly writtenTag: string | undefined;
}

/** What follows a repository's name (OCI Distribution Specification 1.1, "Endpoints"). */
const MANIFEST = /^manifests\/([A-Za-z0-9_][A-Za-z0-9._-]{0,127}|sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;
const READ = /^(?:blobs\/sha(?:256:[a-f0-9]{64}|512:[a-f0-9]{128})|tags\/list|referrers\/sha256:[a-f0-9]{64})$/;
const UPLOAD = /^blobs\/uploads\/[A-Za-z0-9_=.-]*$/;

const READING = ['GET', 'HEAD'];
const UPLOADING = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'];

/**
 * Reads the method and the path of a request. `undefined`: the protocol knows no such request, or we do not let it pass.
 * What was pushed is not deleted from here: a release may name it.
 */
export function parseRegistryPath(method: string, path: string): RegistryTarget | undefined {
  const [, repository = '', rest = ''] = /^\/v2\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (!isAppName(repository)) return undefined;
  const [, reference] = MANIFEST.exec(rest) ?? [];
  if (reference !== undefined && method === 'PUT') {
    return { repository, action: 'push', writtenTag: reference.includes(':') ? undefined : reference };
  }
  if ((reference !== undefined || READ.test(rest)) && READING.includes(method)) {
    return { repository, action: 'pull', writtenTag: undefined };
  }
  if (UPLOAD.test(rest) && UPLOADING.includes(method)) return { repository, action: 'push', writtenTag: undefined };
  return undefined;
}
