/** A parameter that the route's own path has to have. */
export function pathParameter({ params }: { readonly params: Readonly<Record<string, string>> }, name: string): string {
  const value = params[name];
  if (value === undefined) throw new TypeError(`Cannot answer: the route has no parameter "${name}"`);
  return value;
}
