import { type Logger, serializeError } from './create-logger.js';

function maskTexts(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((member) => maskTexts(member, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, maskTexts(member, mask)]));
}

/**
 * Makes a logger for one piece of work that has secrets of its own: they are masked in every text of its errors (field `err`),
 * wherever these come from. All its lines have `fields`.
 */
export function createMaskedLogger(
  parent: Logger,
  { fields, mask }: { fields: Readonly<Record<string, unknown>>; mask: (text: string) => string },
): Logger {
  return parent.child(fields, { serializers: { err: (error: unknown) => maskTexts(serializeError(error), mask) } });
}
