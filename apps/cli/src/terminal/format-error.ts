/** Writes an error for a person in one line, `ERROR: <message>`, or as JSON, `{"error": <message>}`. */
export function formatError(error: unknown, { isJson }: { isJson: boolean }): string {
  const text = error instanceof Error ? error.message : String(error);
  // A message may come from far away: nothing in it may move the cursor or start a new line.
  const line = text.replace(/ *\p{Cc}[\p{Cc} ]*/gu, ' ').trim();
  return isJson ? `${JSON.stringify({ error: line })}\n` : `ERROR: ${line}\n`;
}
