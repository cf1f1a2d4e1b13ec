import { randomInt } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

function createId(prefix: 'B' | 'F' | 'H' | 'J' | 'P' | 'R' | 'W'): string {
  let id: string = prefix;
  for (let index = 0; index < 10; index++) id += LETTERS.charAt(randomInt(LETTERS.length));
  return id;
}

/** Makes a build id: `B` and ten random letters A–Z (141 trillion ids; a clash is caught by the primary key). */
export function createBuildId(): string {
  return createId('B');
}

/** Makes a release id: `R` and ten random letters A–Z. */
export function createReleaseId(): string {
  return createId('R');
}

/** Makes a promotion id: `P` and ten random letters A–Z. */
export function createPromotionId(): string {
  return createId('P');
}

/** Makes a webhook id: `W` and ten random letters A–Z. */
export function createWebhookId(): string {
  return createId('W');
}

/** Makes the id of a workflow: `F` and ten random letters A–Z. */
export function createWorkflowId(): string {
  return createId('F');
}

/** Makes the id of the place where a repository's webhooks come in: `H` and ten random letters A–Z. */
export function createHookId(): string {
  return createId('H');
}

/** Makes the id of what a workflow started: `J` and ten random letters A–Z. */
export function createJobId(): string {
  return createId('J');
}

/** Tells whether a text has the form of a build id. */
export function isBuildId(text: string): boolean {
  return /^B[A-Z]{10}$/.test(text);
}

/** Tells whether a text has the form of a release id. */
export function isReleaseId(text: string): boolean {
  return /^R[A-Z]{10}$/.test(text);
}

/** Tells whether a text has the form of a webhook id. */
export function isWebhookId(text: string): boolean {
  return /^W[A-Z]{10}$/.test(text);
}

/** Tells whether a text has the form of a workflow's id. */
export function isWorkflowId(text: string): boolean {
  return /^F[A-Z]{10}$/.test(text);
}

/** Tells whether a text has the form of a hook's id. */
export function isHookId(text: string): boolean {
  return /^H[A-Z]{10}$/.test(text);
}

/** Tells whether a text has the form of the id of what a workflow started. */
export function isJobId(text: string): boolean {
  return /^J[A-Z]{10}$/.test(text);
}
