import type { CommandCall } from '../command.js';
import type { WireParameters } from '../http/rack-client.js';
import { parseCount } from './parse-count.js';

/** The query of a list: `limit`, only when it was given. */
export function limitOption(call: CommandCall): WireParameters {
  const limit = call.text('limit');
  return limit === undefined ? {} : { limit: String(parseCount('--limit', limit)) };
}
