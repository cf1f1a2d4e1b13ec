import type { PlannedImage } from '@convox-builds/manifest';

/** Where images are pushed, and as whom. */
export interface PushAccess {
  /** `host[:port]` */
  readonly host: string;
  /** `host[:port]/path` */
  readonly repository: string;
  readonly username: string;
  readonly password: string;
  readonly isPlainHttp: boolean;
}

/** An image to be made, and under which names it is pushed. */
export interface EngineImage {
  readonly plan: PlannedImage;
  readonly references: readonly string[];
}

/** A program that runs, with its output going to the log of the build. */
export interface EngineCommand {
  readonly args: readonly string[];
  /**
   * Beside what it inherits: what must not be seen in a list of processes. No name may come from the source: a `PATH` of its
   * own would decide which program runs.
   */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Runs one command of an engine to its end; throws when it fails. */
export type RunEngine = (command: EngineCommand) => Promise<void>;

/** What an engine works with. */
export interface EngineOptions {
  readonly run: RunEngine;
  readonly access: PushAccess;
  /** The source. */
  readonly folder: string;
  /** A temporary one, private and gone at the end; it holds settings of Docker with which a push is allowed. */
  readonly workFolder: string;
  /** The app's environment, for secrets of `RUN --mount=type=secret`. */
  readonly environment: ReadonlyMap<string, string>;
  /** The variables of this process. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  readonly isCacheRefused: boolean;
}

/** Builds or copies an image on this machine and pushes it. */
export type PushImage = (image: EngineImage) => Promise<void>;
