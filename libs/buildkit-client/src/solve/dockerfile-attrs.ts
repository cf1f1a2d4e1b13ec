/** What the Dockerfile frontend is told. Only what is named here can be told: the frontend knows more, and more dangerous, attributes. */
export interface DockerfileOptions {
  /** Name of the Dockerfile within its folder; default `Dockerfile`. */
  readonly filename?: string | undefined;
  /** The stage to build; default the last one. */
  readonly target?: string | undefined;
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** E.g. `linux/amd64`; default the daemon's own. Several make an image index. */
  readonly platforms?: readonly string[] | undefined;
  /** Runs every step again. */
  readonly isNoCache?: boolean | undefined;
  /** Keeps `RUN --mount=type=cache` apart from those of other namespaces; without it they are shared by all builds. */
  readonly cacheMountNamespace?: string | undefined;
}

/** Build arguments of this prefix steer the frontend itself, up to replacing it by another image. */
const RESERVED_PREFIX = 'BUILDKIT_';

/**
 * Makes the attributes of the Dockerfile frontend (moby/buildkit `frontend/dockerui/config.go`).
 *
 * @throws {TypeError} for a build argument that begins with `BUILDKIT_`
 */
export function dockerfileAttrs(options: DockerfileOptions): Record<string, string> {
  const attrs: Record<string, string> = {
    filename: options.filename ?? 'Dockerfile',
    // With a command line of its own the frontend does not look for `# syntax=`, which would replace it by an image.
    cmdline: 'dockerfile.v0',
  };
  if (options.target !== undefined) attrs['target'] = options.target;
  if (options.isNoCache === true) attrs['no-cache'] = '';
  if (options.platforms !== undefined && options.platforms.length > 0) attrs['platform'] = options.platforms.join(',');
  for (const [name, value] of Object.entries(options.labels ?? {})) attrs[`label:${name}`] = value;
  for (const [name, value] of Object.entries(options.buildArgs ?? {})) {
    if (name.startsWith(RESERVED_PREFIX))
      throw new TypeError(`Cannot use build argument "${name}": the name is reserved`);
    attrs[`build-arg:${name}`] = value;
  }
  if (options.cacheMountNamespace !== undefined) {
    attrs['build-arg:BUILDKIT_CACHE_MOUNT_NS'] = options.cacheMountNamespace;
  }
  return attrs;
}
