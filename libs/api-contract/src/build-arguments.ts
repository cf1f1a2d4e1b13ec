import { z } from 'zod';

/** A variable's name; those that begin with `BUILDKIT_` steer BuildKit itself and are refused. */
const argumentNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, 'build argument names are letters, digits, "_", "." and "-"')
  .refine((name) => !name.startsWith('BUILDKIT_'), 'build arguments that begin with BUILDKIT_ are reserved');

const argumentsSchema = z.record(argumentNameSchema, z.string());

const jsonListSchema = z.array(z.string());

/** A piece with neither `=` nor the prefix `BUILD_` belongs to the value before it, which had a comma in it. */
function splitCommaList(text: string): string[] {
  const items: string[] = [];
  for (const piece of text.split(',')) {
    const last = items.at(-1);
    if (last === undefined || piece.includes('=') || piece.startsWith('BUILD_')) items.push(piece);
    else items[items.length - 1] = `${last},${piece}`;
  }
  return items.filter((item) => item !== '');
}

function parseJsonList(text: string): string[] {
  try {
    return jsonListSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new SyntaxError('build-args-json is no JSON list of strings', { cause: error });
  }
}

/**
 * Reads a build's arguments: `build-args-json`, a JSON list of `K=V`, wins over `build-args`, the same joined by commas.
 * An item without `=` is an empty value.
 *
 * @throws {SyntaxError} for a list that makes no sense or a name that cannot be one
 */
export function parseBuildArguments(form: {
  list?: string | undefined;
  json?: string | undefined;
}): Record<string, string> {
  const items =
    form.json !== undefined && form.json !== '' ? parseJsonList(form.json) : splitCommaList(form.list ?? '');
  const pairs = items.map((item) => {
    const equals = item.indexOf('=');
    return equals === -1 ? [item, ''] : [item.slice(0, equals), item.slice(equals + 1)];
  });
  const parsed = argumentsSchema.safeParse(Object.fromEntries(pairs));
  if (parsed.success) return parsed.data;
  throw new SyntaxError(parsed.error.issues.map(({ message }) => message).join('; '));
}
