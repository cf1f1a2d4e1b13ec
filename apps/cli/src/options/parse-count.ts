/**
 * Reads an option that is a positive number without fractions.
 *
 * @throws {Error} naming the option
 */
export function parseCount(option: string, text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > 1_000_000) {
    throw new Error(`${option} must be a number from 1 to 1000000, not "${text}"`);
  }
  return count;
}
