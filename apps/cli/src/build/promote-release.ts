import type { RackClient } from '../http/rack-client.js';
import type { App } from '../http/rack-objects.js';
import type { Output } from '../terminal/output.js';
import { waitForRelease, waitForRunningApp } from './wait-for-app.js';

const REMINDER_MS = 15_000;

/** What {@link promoteRelease} promotes, and how. */
export interface PromoteOptions {
  readonly app: string;
  readonly id: string;
  /** Promote although the app is updating. */
  readonly isForced: boolean;
  readonly output: Output;
}

/** Promotes a release and waits until the app runs it. */
export async function promoteRelease(rack: RackClient, { app, id, isForced, output }: PromoteOptions): Promise<App> {
  if (id === '') throw new Error('no release to promote');
  const { status } = await rack.getApp(app);
  if (status !== 'running' && !isForced) {
    output.start('Waiting for app to be ready');
    await waitForRunningApp(rack, app);
    output.ok();
  }
  const { isOurs } = await rack.getSystem();
  output.line(`Promoting ${id}...`);
  const timer = setInterval(() => output.line('Promoting still in progress...'), REMINDER_MS);
  await rack.promoteRelease(app, id, { force: String(isForced) }).finally(() => clearInterval(timer));
  const onFailure = (reason: string) => output.line(`Promotion failed: ${reason}`);
  const promoted = await waitForRelease(rack, { app, id, isOurs, onFailure });
  output.line('OK');
  return promoted;
}
