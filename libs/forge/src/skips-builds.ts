/**
 * What GitHub ("Skipping workflow runs"), GitLab (`Gitlab::Ci::Pipeline::Chain::Skip`), Bitbucket and Gitea (`SKIP_WORKFLOW_STRINGS`)
 * take for "do not build this", and the same with our name.
 */
const MARK = /\[(?:skip[ _-](?:ci|actions|convox)|(?:ci|actions|convox)[ _-]skip|no ci)\]/i;

/** GitHub's trailer: the last line of the message. */
const TRAILER = /^skip-checks: *true$/i;

/** Tells whether a commit's message asks not to be built: `[skip ci]`, `[ci skip]`, `[no ci]`, `[skip convox]` and the like. */
export function skipsBuilds(message: string): boolean {
  const lines = message.trimEnd();
  return MARK.test(message) || TRAILER.test(lines.slice(lines.lastIndexOf('\n') + 1));
}
