import type { Span } from '@convox-builds/runtime';
import type Router from '@koa/router';
import type { ParameterizedContext } from 'koa';

import type { Caller } from './http/authenticate.js';

/** What a route finds out about its request. */
export interface ApiState {
  /** Names the request in our log and in its answer. */
  requestId: string;
  /** Of the request. */
  span: Span;
  caller: Caller;
  /** The build that the request recorded: by it our log leads from the one to the other. */
  buildId?: string;
}

/** A request and its answer. */
export type ApiContext = ParameterizedContext<ApiState>;

/** The routes of the api. */
export type ApiRouter = Router<ApiState>;
