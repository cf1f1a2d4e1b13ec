/** A branch or a tag that is at another commit than before. */
export interface RefChange {
  /** `refs/heads/main`, `refs/tags/v1`. */
  readonly ref: string;
  /** Full id of a commit; `undefined`: it is new. */
  readonly before: string | undefined;
  /** `undefined`: it is gone. */
  readonly after: string | undefined;
}

/** Commits by branch and tag. */
export type KnownRefs = Readonly<Record<string, string>>;

/** Finds what is new, changed and gone, in the order of the names. */
export function findRefChanges(before: KnownRefs, after: KnownRefs): RefChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .map((ref) => ({ ref, before: before[ref], after: after[ref] }))
    .filter((change) => change.before !== change.after);
}
