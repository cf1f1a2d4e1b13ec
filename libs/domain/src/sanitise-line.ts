// Colours and cursor movements: existing clients cut from the escape to the next `m` and then lose the rest.
const ESCAPE_SEQUENCE = /\u001b(?:\[[0-9;:?<=>]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])?/g;
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;
const CLIENT_TAG =
  /<(?=\/?(?:ok|info|id|error|start|value|header|h1|h2|u|app|build|release|rack|service|command|dir|fail|process|resource|setting|system|color(?:1[0-7]|[0-9]))>)/g;

/** Tells of nearly every text, of one line or of several, that nothing in it has to be made safe. */
export function isSafeOutput(text: string): boolean {
  return !/[\u0000-\u0008\u000b-\u001f\u007f<]/.test(text);
}

/**
 * Makes one line of output safe for every client: no terminal escapes, no control characters, no tags that Convox
 * clients would rewrite (`<ok>` becomes `< ok>`). What is stored is what was streamed, so this happens once, before both.
 */
export function sanitiseLine(line: string): string {
  if (isSafeOutput(line)) return line;
  return line.replace(ESCAPE_SEQUENCE, '').replace(CONTROL, '').replace(CLIENT_TAG, '< ');
}
