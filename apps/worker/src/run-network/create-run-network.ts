/** What RUN steps' network was made of. */
export interface RunNetwork {
  readonly cniConfigPath: string;
  readonly cniBinaryPath: string;
  readonly dnsNameservers: readonly string[];
  readonly remove: () => Promise<void>;
}
export async function createRunNetwork(_options: { stateFolder: string }): Promise<RunNetwork> {
  throw new Error('not yet');
}
