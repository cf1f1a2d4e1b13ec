import { z } from 'zod';

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const listSchema = z.array(z.string());

/** Where build arguments stand in a request for a build. */
export interface BuildArgsFields {
  /** Convox's form: pairs joined with commas, which values may contain, too. */
  readonly 'build-args'?: string | undefined;
  /** Our form: a JSON list of pairs. It wins. */
  readonly 'build-args-json'?: string | undefined;
}

function parseList(json: string): readonly string[] {
  const fail = () => new SyntaxError('build-args-json: expected a JSON list of texts such as ["KEY=VALUE"]');
  try {
    return listSchema.parse(JSON.parse(json));
  } catch {
    throw fail();
  }
}

/** A piece with neither `=` nor the prefix `BUILD_` was cut off the value before it by its comma. */
function splitAtCommas(text: string): readonly string[] {
  const pairs: string[] = [];
  for (const piece of text.split(',')) {
    const isPair = pairs.length === 0 || piece.includes('=') || piece.startsWith('BUILD_');
    if (isPair) pairs.push(piece);
    else pairs.push(`${pairs.pop()},${piece}`);
  }
  return pairs.filter((pair) => pair !== '');
}

/**
 * Reads the build arguments of a request. Each is `KEY=VALUE`, split at the first `=`, the value verbatim: no shell
 * rules. A bare `KEY` asks for the value from where the build runs; that is what happens without it, so it is left out.
 * The last one of a name counts. Names that begin with `BUILDKIT_` steer BuildKit itself and are refused.
 *
 * @throws {SyntaxError} when the list is no list, or a name cannot be that of an `ARG`
 */
export function parseBuildArgs(fields: BuildArgsFields): Record<string, string> {
  const json = fields['build-args-json'];
  const pairs = json === undefined ? splitAtCommas(fields['build-args'] ?? '') : parseList(json);
  const entries: [string, string][] = [];
  for (const [index, pair] of pairs.entries()) {
    const equals = pair.indexOf('=');
    const name = equals < 0 ? pair : pair.slice(0, equals);
    // By its number: it may be a part of a secret.
    if (!NAME.test(name)) throw new SyntaxError(`build-args: expected KEY=VALUE, and number ${index + 1} is not`);
    if (name.startsWith('BUILDKIT_')) throw new SyntaxError(`build-args: ${name}: names with BUILDKIT_ are reserved`);
    if (pair.includes('\0')) throw new SyntaxError(`build-args: ${name} contains a zero byte`);
    if (equals >= 0) entries.push([name, pair.slice(equals + 1)]);
  }
  return Object.fromEntries(entries);
}
