/** Tools wrap base64 at these widths: `base64` and PEM files (RFC 7468). */
const WRAP_WIDTHS = [76, 64];

/** What each byte offset of a secret inside a larger text leaves to the bytes before it: base64 characters. */
const FOREIGN_CHARACTERS = [0, 2, 3];

/** The characters of a base64 text that only the secret decides, wherever in the encoded bytes it stands. */
function base64Core(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const isLastShared = (offset + bytes.length) % 3 !== 0;
  return text.slice(FOREIGN_CHARACTERS[offset], isLastShared ? -1 : undefined);
}

function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const padded = bytes.toString('base64');
  const wrapped = WRAP_WIDTHS.filter((width) => padded.length > width).flatMap(
    (width) => padded.match(new RegExp(`.{1,${width}}`, 'g')) ?? [],
  );
  const forms = [padded, padded.replace(/=+$/, ''), ...wrapped, ...[0, 1, 2].map((at) => base64Core(bytes, at))];
  // The alphabet for URLs and file names (RFC 4648, section 5).
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** Percent-encodings (RFC 3986): tools differ in what they leave as it is, in the case of hex, and in the space. */
function urlForms(secret: string): string[] {
  const component = encodeURIComponent(secret);
  const strict = component.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const withSlashes = strict.replaceAll('%2F', '/');
  const form = new URLSearchParams({ '': secret }).toString().slice(1);
  const forms = [component, strict, withSlashes, encodeURI(secret), form, strict.replaceAll('%20', '+')];
  return [...forms, ...forms.map((text) => text.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()))];
}

function escapeUnits(text: string, pattern: RegExp): string {
  return text.replace(pattern, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** JSON strings (RFC 8259) as JavaScript, Python (ASCII only), Go (safe in HTML) and PHP (both, and slashes) write them. */
function jsonForms(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const ascii = escapeUnits(json, /[\u007f-\uffff]/g);
  const inHtml = [json, ascii].map((form) => escapeUnits(form, /[<>&\u2028\u2029]/g));
  const forms = [json, ascii, ...inHtml];
  const all = [...forms, ...forms.map((form) => form.replaceAll('/', '\\/'))];
  return [
    ...all,
    ...all.map((form) => form.replace(/\\u[0-9a-f]{4}/g, (escape) => `\\u${escape.slice(2).toUpperCase()}`)),
  ];
}

/** A single quote inside of single quotes, as `set -x` shows it. */
function shellForms(secret: string): string[] {
  return secret.includes("'") ? [secret.replaceAll("'", `'\\''`), secret.replaceAll("'", `'"'"'`)] : [];
}

/**
 * Lists the ways in which a secret may stand in an output: as it is, and encoded as base64 (at any place of a larger
 * text), for a URL, in JSON, and for a shell. Each way once.
 */
export function encodeSecret(secret: string): ReadonlySet<string> {
  // Half a surrogate pair has no encoding; in UTF-8 it comes out as U+FFFD, here as well.
  const text = Buffer.from(secret).toString('utf8');
  return new Set([text, ...base64Forms(text), ...urlForms(text), ...jsonForms(text), ...shellForms(text)]);
}
