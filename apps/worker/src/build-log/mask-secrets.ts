const MASK = '****';
// Shorter values would blank out half of an ordinary log.
const MIN_SECRET_LENGTH = 4;

function encodings(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64');
  return [secret, base64, base64.replace(/=+$/, ''), encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
}

/**
 * Makes a function that replaces secrets in a line of the log: the values themselves and their base64, URL and JSON
 * encodings. A secret of several lines is masked line by line. Values under four characters are left alone.
 */
export function createSecretMasker(secrets: Iterable<string>): (line: string) => string {
  const parts = [...secrets].flatMap((secret) => [secret, ...secret.split(/\r?\n/)]);
  const needles = new Set(parts.filter((part) => part.length >= MIN_SECRET_LENGTH).flatMap(encodings));
  // Longest first, so that no needle leaves the tail of a longer one behind.
  const ordered = [...needles].sort((a, b) => b.length - a.length);
  return (line) => ordered.reduce((masked, needle) => masked.replaceAll(needle, MASK), line);
}
