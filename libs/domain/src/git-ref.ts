const MAX_LENGTH = 250;

/** What git-check-ref-format(1) refuses, and what could be taken for an option or for a part of a refspec. */
const REFUSED = [/^[-+/.]/, /[\p{Cc}\p{Z}~^:?*[\]\\]/u, /\.\.|\/\/|\/\.|@\{/, /\.lock(?:\/|$)/, /[./]$/, /^@$/];

/** Tells whether a text can name a branch, a tag or a commit, in full (`refs/…`) or in short. */
export function isGitRef(text: string): boolean {
  return text !== '' && text.length <= MAX_LENGTH && !REFUSED.some((pattern) => pattern.test(text));
}
