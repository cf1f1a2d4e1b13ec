/** Tells whether a text can name an app: a lower-case letter, then up to 62 letters, digits and single dashes. */
export function isAppName(text: string): boolean {
  return text.length <= 63 && /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(text);
}
