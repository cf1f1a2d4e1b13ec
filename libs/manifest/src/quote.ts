const MAX_LENGTH = 128;

/** A text of the person's for a message of one line: what is very long is cut, what would break the line is shown as `?`. */
export function quote(text: string): string {
  const line = text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/g, '?');
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}
