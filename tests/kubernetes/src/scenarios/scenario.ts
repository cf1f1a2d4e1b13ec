import type { Rack } from '../rack/rack.js';

/** What is done to a rack, and what is to come of it. */
export interface Scenario {
  readonly title: string;
  /** Gives what is wrong, in lines. Whatever it changed is as before when it resolves. */
  readonly run: (rack: Rack) => Promise<readonly string[]>;
}
