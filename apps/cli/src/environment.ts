/** What the command takes from its environment. This is the only file of the CLI that reads it. */
export interface Environment {
  /** Address of a rack, when `--rack` is not given; wins over all names. */
  readonly rackUrl: string | undefined;
  /** Name of a rack, when `--rack` is not given. */
  readonly rackName: string | undefined;
  /** Folder of the settings. */
  readonly settingsFolder: string;
  /** Who acts, for the rack's records. */
  readonly actor: string | undefined;
  /** Talk to a rack whose certificate cannot be verified. */
  readonly isTlsUnverified: boolean;
  /** The span that this command is a part of (W3C Trace Context): the rack goes on with it. */
  readonly traceparent: string | undefined;
  /** Command line of the editor that the person likes. */
  readonly editor: string;
  /** Where programs are found. */
  readonly searchPath: string;
  /** Folder of Docker's settings. */
  readonly dockerConfig: string;
  /** What programs that are started get. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  /** Whether to paint; `undefined`: on a terminal. */
  readonly colour: 'always' | 'never' | undefined;
}

function textOf(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value;
}

/** What is badly formed names nothing: it is left out, as the specification asks (W3C Trace Context, 3.2). */
function traceparentOf(value = ''): string | undefined {
  const isWellFormed = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.test(value);
  return isWellFormed ? value : undefined;
}

function settingsFolder(): string {
  const { CONVOX_CONFIG, XDG_CONFIG_HOME, HOME = '/root' } = process.env;
  return textOf(CONVOX_CONFIG) ?? `${textOf(XDG_CONFIG_HOME) ?? `${HOME}/.config`}/convox`;
}

/** `FORCE_COLOR` wins, as it does in Node; https://no-color.org */
function findColour(): Environment['colour'] {
  const { FORCE_COLOR, NO_COLOR, TERM } = process.env;
  const forced = textOf(FORCE_COLOR);
  if (forced !== undefined) return /^(?:0|false)$/i.test(forced) ? 'never' : 'always';
  return textOf(NO_COLOR) !== undefined || TERM === 'dumb' ? 'never' : undefined;
}

/** Reads the environment of this process. */
export function readEnvironment(): Environment {
  return {
    rackUrl: textOf(process.env.RACK_URL),
    rackName: textOf(process.env.CONVOX_RACK),
    settingsFolder: settingsFolder(),
    actor: textOf(process.env.CONVOX_ACTOR),
    isTlsUnverified: /^(?:1|true|yes)$/i.test(process.env.CONVOX_TLS_UNVERIFIED ?? ''),
    traceparent: traceparentOf(process.env.TRACEPARENT),
    editor: textOf(process.env.VISUAL) ?? textOf(process.env.EDITOR) ?? 'vi',
    searchPath: process.env.PATH ?? '',
    dockerConfig: textOf(process.env.DOCKER_CONFIG) ?? `${process.env.HOME ?? '/root'}/.docker`,
    inherited: process.env,
    colour: findColour(),
  };
}
