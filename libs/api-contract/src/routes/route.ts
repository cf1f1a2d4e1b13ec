import type { z } from 'zod';

import type { AnswerObject } from './answer-objects.js';

/** The methods that a route may have. */
export type RouteMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a route answers when all is well; the status is 200 unless it says otherwise. */
export type RouteAnswer =
  | { readonly kind: 'ok' }
  /** Status 202 and an empty body: it was accepted and is going to be done. */
  | { readonly kind: 'accepted' }
  | { readonly kind: 'object' | 'list'; readonly of: AnswerObject }
  /** An object of a registry's protocol, or keys of objects. */
  | { readonly kind: 'json'; readonly description: string; readonly example?: unknown }
  | { readonly kind: 'content'; readonly types: readonly string[]; readonly description: string }
  /** It always fails, so that clients learn that the rack knows the question. */
  | { readonly kind: 'never' };

/**
 * Who may ask: anybody, who may read, who may write, or who reads metrics. By default reading is for `GET` and `HEAD`
 * and writing for all other methods.
 */
export type RouteAccess = 'anybody' | 'reader' | 'writer' | 'scraper';

/** One entry of the Rack API. */
export interface Route {
  readonly method: RouteMethod;
  /** As in OpenAPI: `/apps/{app}`. */
  readonly path: string;
  /** One line. */
  readonly summary: string;
  /** More about it, as Markdown. */
  readonly description?: string;
  readonly access?: RouteAccess;
  /** Parameters: of a `GET` in the query, otherwise in a urlencoded form or in the query. */
  readonly input?: z.ZodType;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the body is, where it is no form. */
  readonly body?: string;
  readonly answer: RouteAnswer;
  /** Messages by status, on top of those that every route has. */
  readonly errors?: Readonly<Record<number, string>>;
  /** Parameters of a request that works. */
  readonly example?: Readonly<Record<string, string>>;
}

/** Tells who may use a route. */
export function accessOf({ access, method }: Route): RouteAccess {
  return access ?? (method === 'GET' || method === 'HEAD' ? 'reader' : 'writer');
}
