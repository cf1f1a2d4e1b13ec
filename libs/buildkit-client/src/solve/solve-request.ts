import type { SolveRequest as WireRequest } from '../generated/github.com/moby/buildkit/api/services/control/control.js';
import type { Session } from '../session/open-session.js';

/** A kind of exporter or cache with its attributes, e.g. `image` with `name`, `push` (BuildKit's README lists them). */
export interface TypedAttrs {
  readonly type: string;
  readonly attrs: Readonly<Record<string, string>>;
}

/** What is to be solved. */
export interface SolveRequest {
  /** Attributes of the Dockerfile frontend; see {@link dockerfileAttrs}. */
  readonly frontendAttrs: Readonly<Record<string, string>>;
  /** Where the result goes; none: it stays in the daemon's cache. */
  readonly exporters?: readonly TypedAttrs[];
  readonly cacheImports?: readonly TypedAttrs[];
  readonly cacheExports?: readonly TypedAttrs[];
}

const toWire = ({ type, attrs }: TypedAttrs) => ({ Type: type, Attrs: { ...attrs } });

/** Names a solve to the daemon. */
interface SolvePlace {
  /** New for each solve. */
  readonly ref: string;
  readonly session: Pick<Session, 'id' | 'decidesOnSources'>;
}

/** A request of the wire that asks for nothing. */
export function emptySolveRequest({ ref, session }: SolvePlace): WireRequest {
  return {
    Ref: ref,
    Session: session.id,
    Frontend: '',
    FrontendAttrs: {},
    Exporters: [],
    Cache: undefined,
    Definition: undefined,
    ExporterDeprecated: '',
    ExporterAttrsDeprecated: {},
    Entitlements: [],
    FrontendInputs: {},
    Internal: true,
    SourcePolicy: undefined,
    EnableSessionExporter: false,
    SourcePolicySession: session.decidesOnSources ? session.id : '',
    CompatibilityVersion: 0n,
    ProxyNetwork: false,
  };
}

/** Maps a request of ours to the wire. */
export function solveRequestToWire(request: SolveRequest, place: SolvePlace): WireRequest {
  const { frontendAttrs, exporters = [], cacheImports = [], cacheExports = [] } = request;
  const imports = cacheImports.map(toWire);
  // The frontend solves on its own behalf and has to be told of cache imports a second time.
  const importAttrs: Record<string, string> = imports.length === 0 ? {} : { 'cache-imports': JSON.stringify(imports) };
  return {
    ...emptySolveRequest(place),
    Frontend: 'dockerfile.v0',
    FrontendAttrs: { ...frontendAttrs, ...importAttrs },
    Exporters: exporters.map(toWire),
    Cache: {
      Exports: cacheExports.map(toWire),
      Imports: imports,
      ExportRefDeprecated: '',
      ImportRefsDeprecated: [],
      ExportAttrsDeprecated: {},
    },
    // In the history, because a large error only comes to us from there; the record is deleted afterwards.
    Internal: false,
  };
}
