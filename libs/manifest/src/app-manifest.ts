/** convox.yml: what builds need, and what running needs as far as it has a form of its own. */
export interface AppManifest {
  /** By name, in the order of the file: the last one gives a build its entrypoint. */
  readonly services: Readonly<Record<string, Service>>;
  /** Variables of every service: `KEY`, `KEY=default` or `*`. */
  readonly environment: readonly string[];
  readonly resources: Readonly<Record<string, Resource>>;
  readonly timers: Readonly<Record<string, Timer>>;
  /** By name, the services that they lead to. */
  readonly balancers: Readonly<Record<string, { readonly service: string }>>;
  readonly labels: Readonly<Record<string, string>>;
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
  readonly imagePullSecrets: readonly ImagePullSecret[];
  readonly run: RunSettings;
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
  /** E.g. `linux/amd64`; empty for the app's or the worker's own. */
  readonly platforms: readonly string[];
  /** Where `path`, `manifest` and `secrets` stand, or what is nearest to it: `convox.yml:4:12`. */
  readonly places: { readonly path: string; readonly manifest: string; readonly secrets: string };
}

/** A build argument; without a value it has the app's variable of that name. */
export interface BuildArgument {
  readonly name: string;
  readonly value: string | undefined;
  /** Where it stands: `convox.yml:4:12`. */
  readonly place: string;
}

/** A login of a registry that images come from. */
export interface ImagePullSecret {
  /** Host, and port if any, in lower case. */
  readonly registry: string;
  readonly username: string;
  /** The password, or the variable of the app that has it. */
  readonly password: { readonly value: string } | { readonly variable: string };
}

/** How a service runs. Builds have no use for it. */
export interface RunSettings {
  readonly port: { readonly port: number; readonly scheme: string } | undefined;
  readonly scale: {
    readonly count: { readonly min: number; readonly max: number };
    /** Thousandths of a CPU. */
    readonly cpu: number;
    /** MB. */
    readonly memory: number;
  };
  /** Percent of the processes, while a release goes out. */
  readonly deployment: { readonly minimum: number; readonly maximum: number };
  readonly isInit: boolean;
  readonly drainSeconds: number;
  readonly timeoutSeconds: number;
  readonly graceSeconds: number;
}

/** A database or the like. */
export interface Resource {
  readonly type: string;
  readonly image: string | undefined;
  readonly options: Readonly<Record<string, string>>;
}

/** Something that runs at given times. */
export interface Timer {
  /** Five fields, as cron has them. */
  readonly schedule: string;
  readonly command: string | undefined;
  readonly service: string;
}
