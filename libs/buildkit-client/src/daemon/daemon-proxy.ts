/** An HTTP proxy for the daemon. Go goes to `localhost` and loopback addresses without it, whoever names them. */
export interface DaemonProxy {
  readonly url: string;
  /** Hosts, with their ports, that it goes to directly. */
  readonly except: readonly string[];
}

/** The names that both Go and the libcurl of git read. */
export function proxyVariables({ url, except }: DaemonProxy): Record<string, string> {
  return { http_proxy: url, https_proxy: url, no_proxy: except.join(',') };
}
