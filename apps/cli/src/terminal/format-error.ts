import { paint } from './paint.js';

/** Writes an error for a person in one line, `ERROR: <message>`, or as JSON, `{"error": <message>}`. */
export function formatError(error: unknown, { isJson, isColoured }: { isJson: boolean; isColoured: boolean }): string {
  const text = error instanceof Error ? error.message : String(error);
  // A message may come from far away: nothing in it may move the cursor or start a new line.
  const line = text.replace(/ *\p{Cc}[\p{Cc} ]*/gu, ' ').trim();
  if (isJson) return `${JSON.stringify({ error: line })}\n`;
  return isColoured ? `${paint('ERROR:', 'red')} ${line}\n` : `ERROR: ${line}\n`;
}
