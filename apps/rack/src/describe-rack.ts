import type { Rack } from './start-rack.js';

/** Says how to use a rack that has just started. */
export function describeRack({ url, password, registryHost, baseImages }: Rack): string {
  const address = url.replace('http://', `http://convox:${password}@`);
  const base =
    baseImages.length === 0 ? 'Docker Hub' : `${baseImages.join(', ')} (made here, Docker Hub cannot be reached)`;
  return `
The rack is running at ${url}, its registry at ${registryHost}.
Base images: ${base}.

In another terminal:

  export RACK_URL=${address}
  npx convox apps create myapp
  npx convox build path/to/folder --app myapp

Ctrl-C stops it; everything is kept for the next start.
`;
}
