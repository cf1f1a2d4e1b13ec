/** convox.yml, as far as builds need it. */
export interface AppManifest {
  /** By name, in the order of the file: the last one gives a build its entrypoint. */
  readonly services: Readonly<Record<string, Service>>;
  /** Variables of every service: `KEY`, `KEY=default` or `*`. */
  readonly environment: readonly string[];
}

/** A service: something that runs, from an image that is built or copied. */
export interface Service {
  readonly name: string;
  /** How its image is built; `undefined` when it is copied. */
  readonly build: ServiceBuild | undefined;
  /** The image that is copied; it wins over `build`. */
  readonly image: string | undefined;
  /** The list of all services, then its own. */
  readonly environment: readonly string[];
}

/** How an image is built. */
export interface ServiceBuild {
  /** Folder of the build context, relative to the source's root; `.` for all of it. */
  readonly path: string;
  /** Dockerfile, relative to `path`. */
  readonly manifest: string;
  readonly args: readonly BuildArgument[];
  /** Stage to build; `undefined` for the last one. */
  readonly target: string | undefined;
  /** Variables of the app that `RUN --mount=type=secret` may have. */
  readonly secrets: readonly string[];
  /** E.g. `linux/amd64`; empty for the worker's own. */
  readonly platforms: readonly string[];
}

/** A build argument; without a value it has the app's variable of that name. */
export interface BuildArgument {
  readonly name: string;
  readonly value: string | undefined;
}
