const LABEL = /^\s*([A-Za-z0-9][A-Za-z0-9._/-]{0,127})=([^\0-\x1f]{0,1000})$/;

/**
 * Reads the labels that an app's parameter `BuildLabels` puts on its images: `team=web,tier=1`.
 *
 * @throws {SyntaxError} when the text is no list of pairs
 */
export function parseBuildLabels(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  const entries = pairs.map((pair): [string, string] => {
    const [, name, value] = LABEL.exec(pair) ?? [];
    if (name === undefined || value === undefined) throw new SyntaxError('must be such as team=web,tier=1');
    return [name, value];
  });
  return Object.fromEntries(entries);
}
