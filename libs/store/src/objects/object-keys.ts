/** Half-written objects live here; the name can be no app's. */
export const TEMPORARY_FOLDER = '.incoming';

/** Refuses a key that is empty, absolute or leaves the folder. */
export function assertKey(key: string): void {
  const parts = key.split('/');
  const isBad = (part: string) => part === '' || part === '.' || part === '..' || part.length > 255;
  if (parts.some(isBad) || /[\0\\]/.test(key) || key.length > 1024 || parts[0] === TEMPORARY_FOLDER) {
    throw new SyntaxError(
      `Cannot use object key "${key.slice(0, 100)}": expected a relative path without ".." segments`,
    );
  }
}

/** Tells whether a file or a folder on its way is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
