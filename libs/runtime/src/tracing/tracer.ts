/** Facts about a span: short, and none of them a secret. What is `undefined` is left out. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** How a span begins. */
export interface SpanOptions {
  readonly attributes?: SpanAttributes;
  /** Default now. */
  readonly startedAt?: Date;
}

/** How a span ends. */
export interface SpanEnd {
  /** Why it did not end well; default: it did. */
  readonly error?: string | undefined;
  /** Default now. */
  readonly endedAt?: Date | undefined;
}

/** Something that took time, and what it was a part of. A span that is not traced does nothing. */
export interface Span {
  /** Names its trace: 32 hex digits; `undefined` when it is not traced. */
  readonly traceId: string | undefined;
  /** Names the span to who goes on with it elsewhere (W3C Trace Context, `traceparent`); `''` without a tracer. */
  readonly traceparent: string;
  readonly set: (attributes: SpanAttributes) => void;
  /** Calls it by another name, for when that is known late. */
  readonly rename: (name: string) => void;
  /** Begins a part of it. */
  readonly start: (name: string, options?: SpanOptions) => Span;
  /** Does a part of it, which ends with the work, well or not. Answers and throws what the work does. */
  readonly run: <T>(name: string, work: (span: Span) => Promise<T>) => Promise<T>;
  /** Ends it. What is done to it afterwards changes nothing. */
  readonly end: (end?: SpanEnd) => void;
}

/** How a span begins that is no part of one in this process. */
export interface TraceOptions extends SpanOptions {
  /** The span that it goes on with, as its {@link Span.traceparent}; without one, or a bad one, a trace begins. */
  readonly parent?: string;
  /** `server`: it answers a request; `consumer`: it takes up what was queued. */
  readonly kind: 'server' | 'consumer';
  /** Takes secrets out of names, attributes and errors, of this span and all of its parts; credentials of URLs always go. */
  readonly mask?: (text: string) => string;
}

/** Tells a collector what took how long. */
export interface Tracer {
  /** Begins a trace, or goes on with one. */
  readonly start: (name: string, options: TraceOptions) => Span;
  /** Delivers what has ended, for a few seconds at most; never rejects. */
  readonly close: () => Promise<void>;
}

const NO_SPAN: Span = {
  traceId: undefined,
  traceparent: '',
  set: () => {},
  rename: () => {},
  start: () => NO_SPAN,
  run: (_name, work) => work(NO_SPAN),
  end: () => {},
};

/** Traces nothing. */
export const NO_TRACER: Tracer = { start: () => NO_SPAN, close: async () => {} };
