import type { ForgeEvent } from '@convox-builds/forge';

const MAX_PATHS_LENGTH = 256 * 1024;
const MAX_TEXT_LENGTH = 64 * 1024;

const wholeCharacters = (text: string) => Buffer.from(text, 'utf8').toString('utf8');

/** No database takes zero bytes and halves of characters in JSON, and nobody needs a message without end. */
function boundTexts<Value>(value: Value): Value {
  const bound = (_key: string, part: unknown) =>
    typeof part === 'string' ? wholeCharacters(part.slice(0, MAX_TEXT_LENGTH)).replaceAll('\0', '') : part;
  return JSON.parse(JSON.stringify(value), bound) as Value;
}

/**
 * Keeps of an event what it takes to look at it again, within bounds. Paths that are too many to be kept count as unknown: then
 * everything may have changed.
 */
export function boundEvent(event: ForgeEvent): ForgeEvent {
  if (event.kind !== 'push' || event.changedPaths === undefined) return boundTexts(event);
  const length = event.changedPaths.reduce((sum, path) => sum + path.length, 0);
  return boundTexts(length > MAX_PATHS_LENGTH ? { ...event, changedPaths: undefined } : event);
}
