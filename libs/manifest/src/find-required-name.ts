/** The name that an entry of an environment list requires: that of a bare `KEY`; `KEY=default` and `*` require none. */
export function findRequiredName(item: string): string | undefined {
  return item === '*' || item.includes('=') ? undefined : item.trim();
}
