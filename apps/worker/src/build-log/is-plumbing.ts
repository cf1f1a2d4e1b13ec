/** Tells by its name whether a step is BuildKit's own plumbing and none of the Dockerfile. */
export function isPlumbing(name: string): boolean {
  return (
    name.startsWith('[internal]') || name.startsWith('[auth]') || name === 'exporting to image' || isCacheImport(name)
  );
}

/** Tells by its name whether a step reads the registry's cache (moby/buildkit `solver/llbsolver/bridge.go`). */
export function isCacheImport(name: string): boolean {
  return name.startsWith('importing cache manifest from ');
}
