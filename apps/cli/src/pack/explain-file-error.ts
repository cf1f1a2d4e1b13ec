const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'it is gone; did something change the folder meanwhile?',
  ELOOP: 'it became a symlink; did something change the folder meanwhile?',
  ENOTDIR: 'it is not a folder',
  EISDIR: 'it became a folder; did something change it meanwhile?',
  EMFILE: 'too many open files',
};

/** Says in one line why a file of the source could not be packed. Errors of our own pass unchanged. */
export function explainFileError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const isUndecodable = error.code === 'ENOENT' && path.includes('\ufffd');
  const reason = isUndecodable ? 'its name is not valid UTF-8' : (REASONS[error.code] ?? error.code);
  return new Error(`cannot pack "${path}": ${reason}`, { cause: error });
}
