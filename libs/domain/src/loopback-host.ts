/** Tells whether a host, with a port or without, is this very machine: only there registries are spoken to without TLS. */
export function isLoopbackHost(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i.test(host);
}
