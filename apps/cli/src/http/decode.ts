/** A JSON object as it came. */
export type JsonObject = Readonly<Record<string, unknown>>;

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads an answer as JSON; throws when it is none, because then what answered is no rack. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error('cannot read the answer: it is not JSON; is the address that of a rack?', { cause });
  }
}

/** Takes a value as an object, or throws. */
export function decodeObject(value: unknown): JsonObject {
  if (!isJsonObject(value))
    throw new Error('cannot read the answer: expected a JSON object; is the address that of a rack?');
  return value;
}

/** Takes a value as a list and decodes each member; `null` is an empty list, as Go writes one. */
export function decodeList<T>(value: unknown, decode: (member: unknown) => T): readonly T[] {
  if (value === null) return [];
  if (!Array.isArray(value))
    throw new Error('cannot read the answer: expected a JSON list; is the address that of a rack?');
  return value.map(decode);
}

/** A field's text; `''` when it is absent or something else. */
export function textField(object: JsonObject, name: string): string {
  const value = object[name];
  return typeof value === 'string' ? value : '';
}

/** A field's texts by name; empty when it is absent. Other values are written as JSON writes them. */
export function textFields(object: JsonObject, name: string): Readonly<Record<string, string>> {
  const value = object[name];
  if (!isJsonObject(value)) return {};
  const texts = Object.entries(value).map(([key, one]) => [key, typeof one === 'string' ? one : JSON.stringify(one)]);
  return Object.fromEntries(texts) as Record<string, string>;
}

/** A field's time; `undefined` when it is absent, `null`, the zero time of Go, or no time. */
export function timeField(object: JsonObject, name: string): Date | undefined {
  const text = textField(object, name);
  const time = new Date(text);
  return text.startsWith('0001-') || Number.isNaN(time.getTime()) ? undefined : time;
}
