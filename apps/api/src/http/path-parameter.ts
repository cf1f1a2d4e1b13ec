/** A parameter that the route's own path has to have. */
export function pathParameter(
  { params }: { params: Readonly<Record<string, string | undefined>> },
  name: string,
): string {
  const value = params[name];
  if (value === undefined) throw new TypeError(`Cannot answer: the route has no parameter "${name}"`);
  return value;
}
