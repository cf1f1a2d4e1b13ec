const DOCKER_HUB = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

/** Writes a registry's name in the one form that is stored: without `https://`, and without a slash at the end. */
export function normaliseRegistryServer(server: string): string {
  return server.replace(/^https:\/\//, '').replace(/\/+$/, '');
}

/** The host of a registry's name. Docker Hub has several; they are all `docker.io`. */
export function registryHostFromServer(server: string): string {
  const [host = ''] = normaliseRegistryServer(server).split('/');
  const lower = host.toLowerCase();
  return DOCKER_HUB.has(lower) ? 'docker.io' : lower;
}

/** A registry of AWS (ECR), as its host names it. */
export interface EcrHost {
  readonly account: string;
  readonly region: string;
  readonly isFips: boolean;
}

/** Of all partitions, of both kinds of addresses (awslabs/amazon-ecr-credential-helper, `ecr-login/api/client.go`). */
const ECR_HOST =
  /^(\d{12})\.dkr[.-]ecr(-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|on\.(?:aws|amazonwebservices\.com\.cn)|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;

/** Reads the host of a registry of AWS; `undefined`: it is another one's. */
export function parseEcrHost(host: string): EcrHost | undefined {
  const [, account, fips, region] = ECR_HOST.exec(host) ?? [];
  if (account === undefined || region === undefined) return undefined;
  return { account, region, isFips: fips !== undefined };
}
