import type { AppManifest, Service, ServiceBuild } from './app-manifest.js';

/** An image to be made, and the services that it is for. */
export type PlannedImage = PlannedBuild | PlannedCopy;

/** An image to be built. */
export interface PlannedBuild {
  readonly kind: 'build';
  readonly services: readonly string[];
  /** Folder of the context, `.` for the source itself. */
  readonly path: string;
  /** Dockerfile, relative to `path`. */
  readonly dockerfile: string;
  /** Values that were given in so many words: with the build, or in the manifest. */
  readonly args: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  /** Variables of the app that its steps may read; no other image's. */
  readonly secrets: readonly string[];
  readonly platforms: readonly string[];
  /** Where the first service says so, for messages; arguments by name, without those that came with the build. */
  readonly places: ServiceBuild['places'] & { readonly args: Readonly<Record<string, string>> };
}

/** An image to be copied. */
export interface PlannedCopy {
  readonly kind: 'copy';
  readonly services: readonly string[];
  readonly image: string;
}

/** Which images make up a build, in the order of the manifest. */
export interface BuildPlan {
  readonly images: readonly PlannedImage[];
}

/** What a plan is made from. */
export interface PlanOptions {
  readonly manifest: AppManifest;
  /** The app's environment. */
  readonly environment: ReadonlyMap<string, string>;
  /** Arguments that were given with the build; they win. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** For images whose service names no platforms; default the worker's own. */
  readonly platforms?: readonly string[];
}

function planArguments({ args }: ServiceBuild, { buildArgs, environment }: PlanOptions): Record<string, string> {
  const fromManifest = args.flatMap(({ name, value = environment.get(name) }): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(fromManifest), ...buildArgs };
}

function planService({ name, image, build }: Service, options: PlanOptions): PlannedImage | undefined {
  if (image !== undefined) return { kind: 'copy', services: [name], image };
  if (build === undefined) return undefined;
  return {
    kind: 'build',
    services: [name],
    path: build.path,
    dockerfile: build.manifest,
    args: planArguments(build, options),
    target: build.target,
    secrets: [...build.secrets].sort(),
    platforms: build.platforms.length === 0 ? (options.platforms ?? []) : build.platforms,
    places: {
      ...build.places,
      args: Object.fromEntries(build.args.map((argument) => [argument.name, argument.place])),
    },
  };
}

/** Equal images have equal keys: they are made once. In which order arguments and platforms are given makes no difference. */
function imageKey(image: PlannedImage): string {
  if (image.kind === 'copy') return JSON.stringify([image.kind, image.image]);
  const { path, dockerfile, args, target, secrets, platforms } = image;
  const inOrder = Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([image.kind, path, dockerfile, inOrder, target, secrets, [...platforms].sort()]);
}

/** Decides which images a build makes. Pure: what it names has not been looked for. */
export function planImages(options: PlanOptions): BuildPlan {
  const images = new Map<string, PlannedImage>();
  for (const service of Object.values(options.manifest.services)) {
    const image = planService(service, options);
    if (image === undefined) continue;
    const key = imageKey(image);
    const same = images.get(key);
    images.set(key, same === undefined ? image : { ...same, services: [...same.services, service.name] });
  }
  return { images: [...images.values()] };
}
