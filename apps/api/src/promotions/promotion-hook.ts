/** What is to be put into effect; it goes to the operator's hook as JSON. */
export interface PromotionCall {
  /** Id of the promotion: the same in every try, so that a hook can tell that it has done it already. */
  readonly promotion: string;
  readonly app: string;
  readonly release: string;
  /** The build whose images these are; `''` when there is none. */
  readonly build: string;
  readonly actor: string;
  /** Counted from 1. */
  readonly try: number;
  /** By service: `host/app@sha256:…`. */
  readonly images: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** Text of convox.yml. */
  readonly manifest: string;
  /** What its workflow wants to have run before and after it: a service and its command; `''` for nothing. */
  readonly before: string;
  readonly after: string;
}

/** What came of a try; `passing`: it may go well another time. */
export type PromotionOutcome =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed' | 'passing'; readonly reason: string };

/** Puts a promotion into effect. Rejects only with the reason of the signal. */
export type PromotionHook = (call: PromotionCall, signal: AbortSignal) => Promise<PromotionOutcome>;
