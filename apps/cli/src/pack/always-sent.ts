import { cleanPath } from './go-text.js';

/** Which files travel whatever the `.dockerignore` says. */
export interface AlwaysSent {
  /** Tells whether this file is one of them. */
  includes(path: string): boolean;
  /** Tells whether one of them may lie below this folder, although the folder is ignored. */
  mayBeBelow(folder: string): boolean;
}

/** The Dockerfile names of a convox.yml; a glance at the text, because only the rack reads it by the whole grammar. */
function namedDockerfiles(manifestText: string): readonly string[] {
  return [...manifestText.matchAll(/\b(?:manifest|dockerfile)["']?:[ \t]*["']?([^\s"',}#]+)/g)].map(([, name = '']) =>
    cleanPath(name).replace(/^\//, ''),
  );
}

function isDockerfileName(name: string): boolean {
  return /^Dockerfile(?:[.-].*)?$/.test(name) || name.endsWith('.Dockerfile') || name.endsWith('.dockerignore');
}

/**
 * Names the files without which no build can start: the manifest, `.dockerignore` files, everything that is called
 * `Dockerfile…`, and the Dockerfiles that the manifest names. Convox drops them when they are ignored, which is never meant.
 */
export function createAlwaysSent({ manifest, manifestText }: { manifest: string; manifestText: string }): AlwaysSent {
  const dockerfiles = namedDockerfiles(manifestText);
  const isNamed = (path: string) => dockerfiles.some((name) => path === name || path.endsWith(`/${name}`));
  const exactPaths = [manifest, ...dockerfiles];
  return {
    includes: (path) => path === manifest || isNamed(path) || isDockerfileName(path.slice(path.lastIndexOf('/') + 1)),
    mayBeBelow: (folder) => exactPaths.some((path) => path.startsWith(`${folder}/`)),
  };
}
