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

/** Tells whether a host is a registry of AWS (ECR): its entry holds an access key, from which passwords are made. */
export function isEcrHost(host: string): boolean {
  return /^\d{12}\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/.test(host);
}
