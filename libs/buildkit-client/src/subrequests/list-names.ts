/** The names in a list of named things inside an answer of the frontend. */
export function listNames(answer: unknown, field: string): string[] {
  const list: unknown =
    typeof answer === 'object' && answer !== null ? Object.entries(answer).find(([key]) => key === field)?.[1] : [];
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) =>
    typeof item === 'object' && item !== null && 'name' in item && typeof item.name === 'string' ? [item.name] : [],
  );
}
