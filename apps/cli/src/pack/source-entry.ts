/** One thing that goes into the archive, as it was found while listing. */
export interface SourceEntry {
  readonly kind: 'file' | 'folder' | 'symlink';
  /** Path below the source folder, with slashes and without a leading `./`. */
  readonly path: string;
  /** Permission bits with set-user-id, set-group-id and sticky. */
  readonly mode: number;
  readonly userId: number;
  readonly groupId: number;
  /** Bytes of a file's content when it was listed; 0 for the others. */
  readonly size: number;
  /** Modification time in whole seconds since 1970. */
  readonly modifiedSeconds: number;
  /** Where a symlink points; `''` for the others. */
  readonly linkTarget: string;
}
