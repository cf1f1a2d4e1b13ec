import { type ConvoxResult, type RunOptions, runConvox } from './run-convox.js';
import { type FakeRack, type FakeRackOptions, startFakeRack } from './start-fake-rack.js';

/** What takes care of the end of a test. */
interface Teardown {
  teardown(undo: () => Promise<void>): void;
}

/** A fake rack with an app `shop`, and the real command that talks to it. */
export interface Shop {
  readonly rack: FakeRack;
  readonly convox: (...args: readonly string[]) => Promise<ConvoxResult>;
  /** The command with more than arguments. */
  readonly run: (args: readonly string[], options: RunOptions) => Promise<ConvoxResult>;
}

/** Starts a fake rack with an app `shop` that ends with the test. */
export async function startShop(t: Teardown, options: FakeRackOptions = {}): Promise<Shop> {
  const rack = await startFakeRack(options);
  t.teardown(() => rack.close());
  rack.addApp('shop');
  const run = (args: readonly string[], more: RunOptions) =>
    runConvox(args, { ...more, env: { RACK_URL: rack.url, ...more.env } });
  return { rack, run, convox: (...args) => run(args, {}) };
}
